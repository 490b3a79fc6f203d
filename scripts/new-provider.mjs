/** `npm run new:provider`: a carrier's adapter to begin with, that works from the first minute. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, isStarted, main, root, say } from './project.mjs';

const help = `npm run new:provider -- <code> [title]

Makes libs/providers/<code>, the adapter of a new carrier, and adds it to libs/catalogue/catalogue.ts. It is a copy of the example that speaks to the fake
carrier, so it works at once, specs and all; replace it file by file with your carrier's own. docs/adding-a-provider.md tells how.

  npm run new:provider -- acme-express "Acme Express"
`;

const EXAMPLE = 'libs/testing/doubles/fake-carrier/adapter';
const CATALOGUE = 'libs/catalogue/catalogue.ts';
const ADAPTERS = 'host(delivery, {\n    adapters: [';
/** Where the example's spec finds what specs share; from elsewhere it is an alias. */
const SHARED = /'(?:\.\.\/)+(conformance\/)?(?:index|builders|http-double)\.js'/g;

/**
 * Makes the adapter and enters it into the catalogue.
 * @param {string} folder the project's
 * @param {string} code the module's code, such as `acme-express`
 * @param {string} [title] the carrier's name; made of the code when left out
 * @returns {string[]} the files made, relative to the project
 */
export function makeProvider(folder, code, title = makeTitle(code)) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code) || code.length > 40)
    throw new SetupError(`a code is of small letters, digits and hyphens, 40 at most, such as acme-express; not "${code}"`);
  if (!/^[^'"`\\<>&\n]{1,60}$/.test(title)) throw new SetupError('a title is of 60 characters at most, without quotes, < > & and \\');
  const made = `libs/providers/${code}`;
  if (['libs/providers', 'libs/services'].some((kind) => existsSync(join(folder, kind, code))))
    throw new SetupError(`there is a provider "${code}" already`);
  const name = makeTitle(code).replaceAll(' ', '');
  const catalogue = readFileSync(join(folder, CATALOGUE), 'utf8');
  const lines = catalogue.split('\n');
  const lastImport = lines.findLastIndex((line) => line.includes("from '#providers/"));
  if (lastImport < 0 || !catalogue.includes(ADAPTERS))
    throw new SetupError(`${CATALOGUE} has no list of delivery adapters to add a line to`);
  lines.splice(lastImport + 1, 0, `import { ${name}Provider } from '#providers/${code}';`);

  mkdirSync(join(folder, made), { recursive: true });
  const files = readdirSync(join(folder, EXAMPLE)).map((file) => {
    const target = `${made}/${file.replace('fake-carrier.', `${code}.`)}`;
    writeFileSync(join(folder, target), renamed(readFileSync(join(folder, EXAMPLE, file), 'utf8'), code, name, title));
    return target;
  });
  writeFileSync(join(folder, CATALOGUE), lines.join('\n').replace(ADAPTERS, `${ADAPTERS}new ${name}Provider(), `));
  return files;
}

/**
 * @param {string} text
 * @param {string} code
 * @param {string} name
 * @param {string} title
 */
function renamed(text, code, name, title) {
  return text
    .replace(SHARED, (_, conformance) => (conformance ? "'#testing/conformance'" : "'#testing'"))
    .replace(/FakeCarrier(Provider|Settings|Client|Webhook|Context)/g, `${name}$1`)
    .replace(/title: \{ en: 'Fake Carrier'[^}]*\}/, `title: { en: '${title}', es: '${title}', ru: '${title}' }`)
    .replaceAll('Fake Carrier', title)
    .replaceAll("code: 'fake-carrier'", `code: '${code}'`)
    .replaceAll('fake-carrier.', `${code}.`)
    .replace('# An adapter, as an example', `# ${title}`)
    .replace('../../../../providers/README.md', '../README.md');
}

/** @param {string} code */
function makeTitle(code) {
  return code
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    const [code, title, ...more] = process.argv.slice(2);
    if (!code || code === '--help' || code === '-h' || more.length > 0) {
      process.stdout.write(help);
      return code && more.length === 0 ? 0 : 1;
    }
    const files = makeProvider(root, code, title);
    // Other names break lines elsewhere.
    const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
    execFileSync(process.execPath, [prettier, '--write', '--log-level', 'warn', ...files, CATALOGUE], { cwd: root, stdio: 'inherit' });
    for (const file of files) say(`made ${file}`);
    say(`added to ${CATALOGUE}

  Try it, in two terminals:
    npm run double -- fake-carrier --port 4100
    MODULES=${code} npm run up
  and then
    npm run sandbox -- --module ${code} demo
    npm test -- providers/${code}

  From here on it is your carrier's: docs/adding-a-provider.md
`);
    return 0;
  });
}
