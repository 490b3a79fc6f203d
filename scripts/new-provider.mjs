/** `npm run new:provider`: a provider of any kind to begin with, that works from the first minute. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError, isStarted, main, root, say } from './project.mjs';

/**
 * Examples by kind: a double in lab/doubles, with an adapter.
 * @type {Readonly<Record<string, string>>}
 */
const EXAMPLES = {
  delivery: 'fake-carrier',
  payment: 'fake-gateway',
  telephony: 'fake-switchboard',
  store: 'fake-warehouse',
  recommendation: 'fake-recommender',
  chat: 'fake-messenger',
};

/** Kinds of providers: the integrations that have a port. */
export const KINDS = Object.keys(EXAMPLES);

const help = `npm run new:provider -- <code> --kind <kind> [--outside <folder>] [--title "..."]

Makes libs/providers/<code>, a provider that works at once against a double of its own, with a spec that passes, and adds it to
libs/catalogue/catalogue.ts. Then it is yours: replace it file by file. docs/adding-a-provider.md tells how.

  <code>     the module's code and the folder's name: small letters, digits and hyphens, such as acme-express
  --kind     ${KINDS.join(', ')}
  --outside  makes a package of its own in a new folder instead, which needs nothing else of the repository
  --title    the service's name as people know it; made of the code when left out
  --help     shows this

  npm run new:provider -- acme-express --kind delivery --title "Acme Express"
  npm run new:provider -- acme-express --kind delivery --outside ../acme-express
`;

const CATALOGUE = 'libs/catalogue/catalogue.ts';
/** The port at which a new provider's settings expect its double. */
const PORT = 4300;

/**
 * @typedef {object} Wish the provider to make
 * @property {string} code the module's code, such as `acme-express`
 * @property {string} kind one of KINDS
 * @property {string} [title] the service's name, by default made from the code
 * @property {string} [outside] folder of a new package
 */

/**
 * Makes a provider and enters it into the catalogue.
 * @param {string} folder the project's
 * @param {Wish} wish
 * @returns {string[]} the files made, relative to the project
 * @throws {SetupError} with advice. Nothing was made then
 */
export function makeProvider(folder, { code, kind, title = makeTitle(code) }) {
  check(folder, code, kind, title);
  const name = makeName(code);
  /** @type {[string, string][]} */
  const files = [...copyExample(folder, kind, { code, title, name }), ['README.md', writeReadme(folder, { code, title, kind })]];
  const catalogue = enter(readFileSync(join(folder, CATALOGUE), 'utf8'), code, kind, name);
  const made = `libs/providers/${code}`;
  try {
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, made, file)), { recursive: true });
      writeFileSync(join(folder, made, file), text);
    }
    writeFileSync(join(folder, CATALOGUE), catalogue);
  } catch (error) {
    rmSync(join(folder, made), { recursive: true, force: true });
    throw error;
  }
  return files.map(([file]) => `${made}/${file}`);
}

/**
 * Makes a package with a provider outside the repository.
 * @param {string} folder the project's
 * @param {Wish & { outside: string }} wish
 * @param {boolean} [isPublished] whether it needs the published kit instead of tarballs in its folder
 * @returns {string[]} the files made, relative to the package
 * @throws {SetupError} with advice. Nothing was made then
 */
export function makePackage(folder, { code, kind, title = makeTitle(code), outside }, isPublished = false) {
  check(folder, code, kind, title);
  if (existsSync(outside) && readdirSync(outside).length > 0) throw new SetupError(`${outside} is not empty: choose a new folder`);
  const name = makeName(code);
  const sources = copyExample(folder, kind, { code, title, name }).filter(([file]) => file !== 'index.ts');
  /** @type {[string, string][]} */
  const files = [
    ...sources.map(([file, text]) => /** @type {[string, string]} */ ([`src/${file}`, importPackages(text, file)])),
    ['src/index.ts', writeIndex(code, kind, name)],
    ['package.json', writeJson(describePackage(folder, code, isPublished))],
    ['tsconfig.json', writeJson(COMPILER)],
    ['modules.json', writeJson({ modules: [{ code, provider: './dist/index.js' }] })],
    ['.gitignore', 'dist\nnode_modules\n'],
    ['README.md', writeOutsideReadme(folder, { code, title, kind }, isPublished ? `../${basename(outside)}` : relative(folder, outside))],
  ];
  for (const [file, text] of files) {
    mkdirSync(dirname(join(outside, file)), { recursive: true });
    writeFileSync(join(outside, file), text);
  }
  return files.map(([file]) => file);
}

/** The compiler's settings of a package. It copies texts to `dist`. */
const COMPILER = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2023', strict: true, noUncheckedIndexedAccess: true, resolveJsonModule: true, skipLibCheck: true },
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true, types: ['node'] },
    ...{ rootDir: 'src', outDir: 'dist', declaration: true },
  },
  include: ['src/**/*.ts', 'src/texts/*.json'],
};

/** Packages that one outside is written with. They are packed into its folder. */
export const PACKED = ['provider-kit', 'provider-testing'];

/**
 * @param {string} folder
 * @param {string} code
 * @param {boolean} isPublished
 */
function describePackage(folder, code, isPublished) {
  const { version, devDependencies, dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const known = { ...dependencies, ...devDependencies };
  // The compiler of the repository, npm:typescript@7.0.2.
  const typescript = known.typescript7.split('@').at(-1);
  const pick = (/** @type {string[]} */ ...names) => Object.fromEntries(names.map((one) => [one, known[one]]));
  const own = (/** @type {string} */ one) => ({
    [`@crossdock/${one}`]: isPublished ? `^${version}` : `file:packages/crossdock-${one}-${version}.tgz`,
  });
  return {
    ...{ name: `crossdock-${code}`, version: '0.1.0', private: true, type: 'module', exports: './dist/index.js', files: ['dist'] },
    scripts: { build: 'tsc', test: 'tsc && node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js' },
    dependencies: { ...own('provider-kit'), ...pick('class-transformer', 'class-validator', 'reflect-metadata') },
    devDependencies: { ...own('provider-testing'), ...pick('@types/node', 'fast-check', 'fastify', 'jest'), typescript },
    jest: { testMatch: ['<rootDir>/dist/**/*.spec.js'], transform: {}, setupFiles: ['reflect-metadata'] },
  };
}

/**
 * @param {string} text
 * @param {string} file
 */
function importPackages(text, file) {
  const testing = file.endsWith('.spec.ts') ? '@crossdock/provider-testing' : '@crossdock/provider-testing/double';
  return (
    text
      // The package names the port by its kind.
      .replaceAll("'#inventory/port'", "'@crossdock/provider-kit/store'")
      .replace(/'#(\w+)\/port'/g, "'@crossdock/provider-kit/$1'")
      .replace(/'#(provider-kit|platform)'/g, "'@crossdock/provider-kit'")
      .replaceAll("'#testing/conformance'", "'@crossdock/provider-testing/conformance'")
      .replaceAll("'#testing'", `'${testing}'`)
  );
}

/**
 * @param {string} code
 * @param {string} kind
 * @param {string} name
 */
function writeIndex(code, kind, name) {
  return `import { defineProvider } from '@crossdock/provider-kit';
import { ${name}Provider } from './${code}.provider.js';

export default defineProvider({ kind: '${kind}', create: () => new ${name}Provider() });
`;
}

/**
 * @param {string} folder
 * @param {{ code: string, title: string, kind: string }} names
 */
function writeReadme(folder, { code, title, kind }) {
  return `# ${title}

A provider of the kind ${kind}. It works unchanged, against its own double. Replace it file by file, in the order of
[the guide](../../../docs/adding-a-provider.md), and the specs keep passing. [What each file is](../README.md#the-shape-of-a-folder).

## ${readQuestions(folder, kind, code)}`;
}

/**
 * @param {string} folder
 * @param {{ code: string, title: string, kind: string }} names
 * @param {string} place the package as a checkout of Crossdock sees it
 */
function writeOutsideReadme(folder, { code, title, kind }, place) {
  const { repository } = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'));
  return `# ${title} for Crossdock

A provider of the kind ${kind}. It works unchanged, against its own double.
[Adding a provider](${repository}/blob/main/docs/adding-a-provider.md) guides through the files.

\`\`\`
npm install
npm test # compiles, and runs the suite of the kind
\`\`\`

## Try it with the sandbox CRM

In a checkout of [Crossdock](${repository}), in a terminal each:

\`\`\`
npm run double -- ${place}/dist/${code}.double.js --port ${PORT}
MODULES_FILE=${place}/modules.json npm run up
npm run sandbox -- --module ${code} demo
\`\`\`

If the service's address is in the environment, the double prints its variable (\`variable\`). Set it for \`npm run up\`, too. An order
that your service serves: \`npm run sandbox -- orders create --data\`.

## Host it

In the folder of the deployment's \`modules.json\`, run \`npm install\` with this package (its name, its \`npm pack\` or its folder), and add:

\`\`\`json
{ "modules": [{ "code": "${code}", "provider": "crossdock-${code}" }] }
\`\`\`

\`MODULES_FILE\` of the api, the worker and \`migrate\` is the path of that file. Restart them. A package that does not fit stops the start
with one sentence.

## ${readQuestions(folder, kind, code)}`;
}

/**
 * Returns the example's questions about a service.
 * @param {string} folder
 * @param {string} kind
 * @param {string} code
 */
function readQuestions(folder, kind, code) {
  const readme = readFileSync(join(findExample(folder, kind), 'adapter/README.md'), 'utf8');
  return (readme.split('\n## ')[1] ?? '').replaceAll(EXAMPLES[kind], code);
}

/** @param {object} content */
function writeJson(content) {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * @param {string} folder
 * @param {string} code
 * @param {string} kind
 * @param {string} title
 */
function check(folder, code, kind, title) {
  if (!KINDS.includes(kind)) throw new SetupError(`there is no kind "${kind}". Use --kind ${KINDS.join(', --kind ')}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code) || code.length > 40)
    throw new SetupError(`a code has at most 40 small letters, digits and hyphens, such as acme-express, not "${code}"`);
  if (!/^[^'"`\\<>&$\n]{1,40}$/.test(title)) throw new SetupError('a title is of 40 characters at most, without quotes, < > & $ and \\');
  // The published package has no folders of the product, only their names.
  const { taken: hosted = [] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (hosted.includes(code)) throw new SetupError(`Crossdock has a module "${code}" of its own: choose another code, such as ${code}-acme`);
  const taken = ['libs/providers', 'libs/built-in', 'lab/doubles'].find((place) => existsSync(join(folder, place, code)));
  if (taken)
    throw new SetupError(`there is a ${taken}/${code} already: choose another code, or remove that folder and its lines in ${CATALOGUE}`);
}

/**
 * @typedef {object} Names
 * @property {string} code
 * @property {string} title
 * @property {string} name of its classes, such as `AcmeExpress`
 */

/**
 * The kind's example under other names: the adapter, its double in `x.double.ts`, and the double's other
 * files in `double`.
 * @param {string} folder
 * @param {string} kind
 * @param {Names} names
 * @returns {[string, string][]}
 */
function copyExample(folder, kind, { code, title, name }) {
  const example = findExample(folder, kind);
  const was = { code: EXAMPLES[kind], title: makeTitle(EXAMPLES[kind]), name: makeName(EXAMPLES[kind]) };
  const main = `${was.code}.ts`;
  const adapter = readSources(join(example, 'adapter')).filter(([file]) => file !== 'README.md');
  const double = readSources(example).filter(([file]) => /^(?!index)[\w-]+\.ts$/.test(file));
  refuseTakenNames([...adapter, ...double], was.name, name, code);
  /** @param {string} text */
  const rename = (text) =>
    text
      .replace(/'(?:\.\.\/)+libs\/testing\/conformance\/index\.js'/g, "'#testing/conformance'")
      .replace(/'(?:\.\.\/)+libs\/testing\/[\w/]+\.js'/g, "'#testing'")
      .replace(`'../${was.code}.js'`, `'./${code}.double.js'`)
      .replace(/'\.\.\/(?=[\w-]+\.js')/g, "'./double/")
      .replace(/^( {2}"title": ").*(?=",$)/m, `$1${title}`)
      .replace(new RegExp(`\\b${was.name}\\b`, 'g'), `${name}Double`)
      .replaceAll(was.name, name)
      .replace(new RegExp(`\\b(a) ${was.title}`, 'gi'), `$1 double of ${title}`)
      .replace(new RegExp(`(the )?${was.title}`, 'gi'), title)
      .replaceAll(was.code, code)
      .replaceAll("'fake-", `'${code}-`)
      .replace(/(?<=http:\/\/127\.0\.0\.1:)4\d00/, String(PORT));
  const start = `
/** Starts one. \`npm run double\` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<${name}Double> {
  return ${name}Double.start(options);
}
`;
  return [
    ...adapter.map(([file, text]) => /** @type {[string, string]} */ ([file.replace(was.code, code), rename(text)])),
    ...double.map(
      ([file, text]) =>
        /** @type {[string, string]} */ (
          file === main
            ? [`${code}.double.ts`, rename(text.replace(/'\.\/(?=[\w-]+\.js')/g, "'./double/")) + start]
            : [`double/${file}`, rename(text)]
        ),
    ),
  ];
}

/**
 * @param {string} folder
 * @param {string} kind
 */
function findExample(folder, kind) {
  return join(folder, 'lab/doubles', EXAMPLES[kind]);
}

/**
 * @param {string} folder
 * @returns {[string, string][]}
 */
function readSources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
    .map((file) => [relative(folder, file), readFileSync(file, 'utf8')]);
}

/**
 * Rejects a code whose classes would have the names of their imports: `store` would make a StoreProvider.
 * @param {[string, string][]} sources
 * @param {string} before
 * @param {string} name
 * @param {string} code
 */
function refuseTakenNames(sources, before, name, code) {
  const words = new Set(sources.flatMap(([, text]) => text.match(/\w+/g) ?? []));
  const taken = [...words].find((word) => word.startsWith(before) && words.has(name + word.slice(before.length)));
  if (taken)
    throw new SetupError(`"${code}" would make a second ${name}${taken.slice(before.length)}: choose another code, such as ${code}-acme`);
}

/**
 * The catalogue with the provider in it.
 * @param {string} catalogue
 * @param {string} code
 * @param {string} kind
 * @param {string} name
 */
function enter(catalogue, code, kind, name) {
  const lines = catalogue.split('\n');
  const marker = `// adapters: ${kind}`;
  const place = lines.findIndex((line) => line.trim() === marker);
  const lastImport = lines.findLastIndex((line) => line.includes("from '#providers/"));
  if (place < 0 || lastImport < 0)
    throw new SetupError(`${CATALOGUE} has no line "${marker}": write it as the last one of the adapters of host(${kind}, ...)`);
  lines.splice(place, 0, `new ${name}Provider(),`);
  lines.splice(lastImport + 1, 0, `import { ${name}Provider } from '#providers/${code}';`);
  return lines.join('\n');
}

/** @param {string} code */
function makeTitle(code) {
  return code
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** @param {string} code */
function makeName(code) {
  return makeTitle(code).replaceAll(' ', '');
}

/**
 * Reads the command line.
 * @param {string[]} args
 * @param {string} [command] as the user typed it
 * @returns {Wish | undefined} undefined if the help was requested
 * @throws {SetupError}
 */
export function readWish(args, command = 'npm run new:provider') {
  let given;
  try {
    given = parseArgs({
      args,
      allowPositionals: true,
      options: {
        kind: { type: 'string' },
        title: { type: 'string' },
        outside: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new SetupError(`${/** @type {Error} */ (error).message.split('. ')[0]}. See ${command} -- --help`);
  }
  const { values, positionals } = given;
  if (values.help || args.length === 0) return undefined;
  const [code, title = values.title, ...more] = positionals;
  if (code === undefined) throw new SetupError(`give the code of the new provider first, such as acme-express. See ${command} -- --help`);
  if (more.length > 0 || (positionals.length > 1 && values.title !== undefined))
    throw new SetupError(
      `one code and one title are enough: put a title of several words into quotes (--title "${[title, ...more].join(' ')}")`,
    );
  if (values.kind === undefined) throw new SetupError(`choose the kind of ${code} after "--": --kind ${KINDS.join(', --kind ')}`);
  const { outside } = values;
  return { code, kind: values.kind, ...(title !== undefined && { title }), ...(outside !== undefined && { outside }) };
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    const wish = readWish(process.argv.slice(2));
    if (!wish) {
      process.stdout.write(help);
      return process.argv.length > 2 ? 0 : 1;
    }
    const { code, outside } = wish;
    if (outside !== undefined) {
      await makeOutside({ ...wish, outside: resolve(process.env.INIT_CWD ?? process.cwd(), outside) });
      return 0;
    }
    const files = makeProvider(root, wish);
    // Other names break lines elsewhere.
    execFileSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), ...files, CATALOGUE], { cwd: root, stdio: 'inherit' });
    for (const file of files) say(`made ${file}`);
    say(`added to ${CATALOGUE}

  Try it:
    npm test -- providers/${code}
  and, in a terminal each:
    npm run double -- ${code} --port ${PORT}
${describeRun(wish.kind, code)}

  From here on it is yours: libs/providers/${code}/README.md, docs/adding-a-provider.md
`);
    return 0;
  });
}

/**
 * Makes a package, with the packed kit and suites in it.
 * @param {Wish & { outside: string }} wish
 */
async function makeOutside(wish) {
  const { code, outside } = wish;
  const files = makePackage(root, wish);
  const oxfmt = join(root, 'node_modules/oxfmt/bin/oxfmt');
  // Other names break lines elsewhere.
  execFileSync(process.execPath, [oxfmt, '-c', join(root, '.oxfmtrc.json'), ...files], { cwd: outside, stdio: 'inherit' });
  for (const file of files) say(`made ${join(outside, file)}`);
  say('packing the kit and the suites ...');
  mkdirSync(join(outside, 'packages'));
  const packing = [
    'pack',
    ...PACKED.flatMap((name) => ['--workspace', `packages/${name}`]),
    '--pack-destination',
    join(outside, 'packages'),
  ];
  execFileSync('npm', [...packing, '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  say(`

  Try it:
    cd ${relative(process.env.INIT_CWD ?? process.cwd(), outside) || '.'} && npm install && npm test

  From here on it is yours: ${join(outside, 'README.md')} says how ${code} is run, docs/adding-a-provider.md guides through the files
`);
}

/**
 * The commands that run a module and try it. A messenger's managers are at a message gateway.
 * @param {string} kind
 * @param {string} code
 */
function describeRun(kind, code) {
  const lines =
    kind === 'chat'
      ? [
          'npm run double -- message-gateway --port 4500',
          `MODULES=${code} CHAT_GATEWAY_URL=http://127.0.0.1:4500 npm run up`,
          `npm run sandbox -- --module ${code} demo --messenger http://127.0.0.1:${PORT}`,
        ]
      : [`MODULES=${code} npm run up`, `npm run sandbox -- --module ${code} demo`];
  return lines.map((line) => `    ${line}`).join('\n');
}
