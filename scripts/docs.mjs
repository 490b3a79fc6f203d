/** `npm run docs`: builds the documentation site, or serves it. */
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { writeApiPages } from './docs/api-pages.mjs';
import { checkSite } from './docs/check-site.mjs';
import { writeModulePages } from './docs/modules.mjs';
import { siteFolder, sourceFolder, stagePages } from './docs/stage.mjs';
import { run } from './processes.mjs';
import { SetupError, during, main, root, say } from './project.mjs';
import { StopSignals } from './stop-signals.mjs';

const help = `npm run docs [-- --pictures | --dev] [--base /crossdock/]

Builds the documentation site into .site/html: the pages in docs, the READMEs that readers need, a page for each module in three
languages, and references of the API and of the provider kit. Fails for a dead link, a page without a picture or text, and a page that
loads something from another host.

  --pictures  takes the pictures of the modules' pages again, as the first build does: starts everything on free ports (needs Chromium)
  --dev       serves the site and follows changes of pages in docs
  --base      path of the site on its host; / if left out
`;

/** Also ends the tools, because a terminal does not signal their process groups. */
const { signal } = new StopSignals();
await main(async () => {
  const { values } = parseArgs({
    options: { pictures: { type: 'boolean' }, dev: { type: 'boolean' }, base: { type: 'string', default: '/' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  await build();
  if (values.pictures || !existsSync(join(root, 'docs/pictures/modules'))) await (await import('./docs/pictures.mjs')).takePictures();
  rmSync(join(root, '.site'), { recursive: true, force: true });
  stagePages();
  await writeModulePages();
  await writeApiPages();
  await writePortPages();
  process.env.DOCS_BASE = values.base;
  if (values.dev) return serve();
  await runTool('vitepress/bin/vitepress.js', ['build', 'docs']);
  const problems = checkSite(siteFolder, values.base);
  if (problems.length > 0) throw new SetupError(`The site has faults:\n  ${problems.join('\n  ')}`);
  say(`built ${relative(root, siteFolder)}`);
  return 0;
});

/** Writes the reference of the ports and the kit, from their types. */
function writePortPages() {
  const output = ['--out', join(sourceFolder, 'reference/kit'), '--options', 'scripts/docs/typedoc.json'];
  return runTool('typedoc/bin/typedoc', output);
}

/**
 * Runs a tool of node_modules, and prints its output if it fails.
 * @param {string} tool
 * @param {string[]} arguments_
 */
async function runTool(tool, arguments_) {
  const lines = /** @type {string[]} */ ([]);
  const started = run(process.execPath, [join(root, 'node_modules', tool), ...arguments_], {
    ...{ cwd: root, signal },
    onLine: (line) => lines.push(line),
  });
  if ((await during(tool, started)) !== 0) throw new SetupError(`${tool} failed:\n${lines.join('\n')}`);
}

/** Serves the site until it is stopped. Pages follow their sources. */
async function serve() {
  const { watch } = await import('chokidar');
  watch(['docs', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'], { ignoreInitial: true }).on('change', () => stagePages());
  return run(process.execPath, [join(root, 'node_modules/vitepress/bin/vitepress.js'), 'dev', 'docs'], { cwd: root, signal, onLine: say });
}
