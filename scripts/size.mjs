/** `npm run size`: counts the lines of the project by room, and lists long files and functions. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { SetupError, isStarted, main, root } from './project.mjs';

const help = `npm run size [-- --long]   counts the lines in git by room, and what is long

Lines count as they stand, with comments and empty ones. A file is counted in one room: as generated if its first line
says so, else by its folder. "specs" are *.spec.ts, *.e2e-spec.ts, and files in a folder \`test\` or \`test-support\`.

  --long   names the long files and functions, too
`;

/** A room and the paths that belong to it. The first that fits has the file. */
const ROOMS = /** @type {const} */ ([
  ['adapters', /^libs\/providers\//],
  ['built-in', /^libs\/built-in\//],
  ['web', /^apps\/(web|widget)\//],
  ['doubles', /^lab\/(doubles\/|testing)|^libs\/testing\/(double\/|(http-double|posted-webhooks|faulty-proxy)\b)/],
  ['suites', /^libs\/testing\//],
  ['sandbox', /^lab\/sandbox-crm\//],
  ['scripts', /^(scripts|tools|\.ci)\/|^[^/]+$/],
  ['bench', /^lab\/bench\//],
  ['other product', /^(libs|apps|packages)\//],
]);
/** Rooms that are there to try the product. */
const MACHINERY = ['doubles', 'suites', 'sandbox', 'scripts', 'bench'];

const CODE = /\.(ts|mts|vue|mjs|cjs|css|sh)$/;
const SPEC = /\.(e2e-)?spec\.ts$|\/test(-support)?\//;
const GENERATED = /generated from|written by `npm run/i;
/** Above these a file or function is long. */
const LIMITS = { file: 400, function: 60 };

/** @typedef {{ files: number, lines: number, specs: number }} Count */

/**
 * Returns the room of a file in git, or undefined for data and documents.
 * @param {string} path
 */
export function findRoom(path) {
  return CODE.test(path) ? ROOMS.find(([, pattern]) => pattern.test(path))?.[0] : undefined;
}

/**
 * Whether a file is a spec, or helps specs.
 * @param {string} path
 */
export const isSpecs = (path) => SPEC.test(path);

/**
 * Lists the functions of a source by name and lines, those within others too.
 * @param {string} text of TypeScript or JavaScript
 * @returns {{ name: string, lines: number }[]}
 */
export function listFunctions(text) {
  const source = ts.createSourceFile('one.ts', text, ts.ScriptTarget.Latest, true);
  /** @type {{ name: string, lines: number }[]} */
  const found = [];
  const lineOf = (/** @type {number} */ at) => source.getLineAndCharacterOfPosition(at).line;
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
      found.push({ name: named?.getText(source) ?? 'without a name', lines: lineOf(node.end) - lineOf(node.getStart(source)) + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Reads the files in git, and counts. */
function count() {
  const paths = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  /** @type {Record<string, Count>} */
  const rooms = Object.fromEntries([...ROOMS.map(([name]) => name), 'generated'].map((name) => [name, { files: 0, lines: 0, specs: 0 }]));
  /** @type {{ what: string, lines: number }[]} */
  const longFiles = [];
  /** @type {{ what: string, lines: number }[]} */
  const longFunctions = [];
  for (const path of paths) {
    const own = findRoom(path);
    if (!own) continue;
    const text = readFileSync(join(root, path), 'utf8');
    const lines = text.split('\n').length - 1;
    const isGenerated = GENERATED.test(text.slice(0, text.indexOf('\n')));
    const room = /** @type {Count} */ (rooms[isGenerated ? 'generated' : own]);
    const isSpec = isSpecs(path);
    room[isSpec ? 'specs' : 'lines'] += lines;
    room.files++;
    if (isGenerated || isSpec) continue;
    if (lines > LIMITS.file) longFiles.push({ what: path, lines });
    if (/\.(ts|mjs|cjs)$/.test(path))
      for (const one of listFunctions(text))
        if (one.lines > LIMITS.function) longFunctions.push({ what: `${path} ${one.name}`, lines: one.lines });
  }
  const migrations = paths.filter((path) => /\/migrations\/.*\.ts$/.test(path) && !SPEC.test(path) && !/\/index\.ts$/.test(path));
  return { rooms, longFiles, longFunctions, migrations: migrations.length };
}

if (isStarted(import.meta.url))
  await main(async () => {
    const args = process.argv.slice(2);
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(help);
      return 0;
    }
    const unknown = args.find((arg) => arg !== '--long');
    if (unknown !== undefined) throw new SetupError(`there is no option "${unknown}". See npm run size -- --help`);
    const { rooms, longFiles, longFunctions, migrations } = count();
    const print = (/** @type {string} */ name, /** @type {readonly (string | number)[]} */ cells) =>
      process.stdout.write(`${name.padEnd(22)}${cells.map((cell) => cell.toLocaleString('en').padStart(10)).join('')}\n`);
    const sum = (/** @type {readonly string[]} */ names) =>
      names.reduce(
        ([files, lines, specs], name) => {
          const { [name]: room } = rooms;
          return [files + (room?.files ?? 0), lines + (room?.lines ?? 0), specs + (room?.specs ?? 0)];
        },
        [0, 0, 0],
      );
    print('', ['files', 'lines', 'specs']);
    for (const name of Object.keys(rooms)) print(name, sum([name]));
    process.stdout.write('\n');
    print('product', sum(ROOMS.map(([name]) => name).filter((name) => !MACHINERY.includes(name))));
    print('machinery', sum(MACHINERY));
    process.stdout.write('\n');
    print('migrations', [migrations]);
    for (const [name, long] of /** @type {const} */ ([
      [`files over ${LIMITS.file}`, longFiles],
      [`functions over ${LIMITS.function}`, longFunctions],
    ])) {
      print(name, [long.length]);
      if (args.includes('--long'))
        for (const { what, lines } of long.sort((a, b) => b.lines - a.lines))
          process.stdout.write(`  ${String(lines).padStart(5)}  ${what}\n`);
    }
    return 0;
  });
