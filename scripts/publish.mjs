/** `npm run publish:packages`: publishes the packages of a release to npm, in order of dependence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { isMissing, listPackages, viewPackage } from './release-names.mjs';

const help = `npm run publish:packages -- v0.2.0   publishes every package with the version of this tag

Skips versions that the registry already has, so a half-published set can be published again. NODE_AUTH_TOKEN is a token of the registry.
On GitHub each package gets a provenance, which npm shows.
`;

await main(async () => {
  const [tag = '--help'] = process.argv.slice(2);
  if (tag.startsWith('-')) {
    process.stdout.write(help);
    return tag === '--help' ? 0 : 1;
  }
  const packages = listPackages();
  const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const others = [product, ...packages].filter(({ version }) => `v${version}` !== tag).map(({ name, version }) => `${name} ${version}`);
  if (others.length > 0) throw new SetupError(`the tag ${tag} is not the version of ${others.join(', ')}. Tag the commit of the release.`);
  for (const { name, version, folder } of packages) {
    const reply = await viewPackage(`${name}@${version}`, 'version');
    if (reply.includes(`"${version}"`)) {
      say(`${name}@${version} is already published`);
      continue;
    }
    if (!isMissing(reply)) throw new SetupError(`the registry did not say whether it has ${name}@${version}. Run this again.\n${reply}`);
    if (!process.env.NODE_AUTH_TOKEN)
      throw new SetupError(
        `NODE_AUTH_TOKEN is empty, so ${name} cannot be published. Set the repository's secret NPM_TOKEN to a token that may publish it (npmjs.com, Access Tokens).`,
      );
    const provenance = `--provenance=${process.env.GITHUB_ACTIONS === 'true'}`;
    const code = await run('npm', ['publish', `./${folder}`, '--loglevel=error', provenance], { cwd: root });
    if (code !== 0)
      throw new SetupError(`${name}@${version} was not published. npm's reason is above. Run this again when it is resolved.`);
    say(`published ${name}@${version}`);
  }
  return 0;
});
