/** `npm run voice`: finds wording in comments, spec titles and commit subjects that readers stumble over. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { SetupError, isStarted, main, root } from './project.mjs';
import { RULES, VERBS } from './voice-rules.mjs';

const help = `npm run voice -- [path ...]   counts hits per 1,000 words of comments and titles of specs in the files that git tracks

  --list               prints each hit with its place and advice
  --by folder|file|rule  counts by folder (the default), file or rule
  --skip semicolon,he  leaves rules out
  --max 10             fails above this number of hits
  --changed main       only lines changed since a commit; fails on a hit, or above --max
  --subjects a..b      checks the subjects of commits instead, also -20 for the last twenty; fails like --changed
  --rooms              fails if a room in scripts/voice-rooms.txt has more hits than the aim
  --rules              prints the rules
`;

/** Maximum number of hits per 1,000 words in a finished room: of all rules, and of all except `semicolon`. */
const AIM = { all: 6, words: 3 };

/** The finished rooms, one folder a line, sorted. */
const ROOMS = join(root, 'scripts/voice-rooms.txt');

const CODE = /\.(ts|mts|cts|vue|mjs|cjs|js)$/;
const NOT_WRITTEN = /\.d\.[mc]?ts$|(^|\/)(generated|dist|coverage)\//;

/** A call of Jest with its title, also after a table of cases. */
const TITLE = /(?:\b(?:describe|it|test)(?:\.\w+)*|\))\(\s*(?:'((?:[^'\\\n]|\\.)*)'|`([^`]*)`)/g;

/** @typedef {{ line: number, text: string }} Comment */
/** @typedef {{ rule: string, index: number, excerpt: string, advice: string }} Finding */
/** @typedef {Finding & { file: string, line: number }} Hit */
/** @typedef {import('./voice-rules.mjs').Rule} Rule */

/**
 * Finds the problems of a commit subject. An area may come first: "telegram: send captions with albums".
 * @param {string} subject
 * @returns {string[]} empty if there are none
 */
export function checkSubject(subject) {
  const [first = ''] = subject.replace(/^[a-z0-9@/._-]+(?:\([^)]*\))?!?: /, '').split(/[\s:]/);
  return [
    ...(VERBS.has(first.toLowerCase()) ? [] : [`does not begin with a verb that scripts/voice-rules.mjs lists ("${first}")`]),
    ...(subject.length > 72 ? [`has ${subject.length} characters, at most 72 are allowed`] : []),
    ...(/[.;]$/.test(subject) ? ['ends with punctuation'] : []),
    ...(/;./.test(subject) ? ['contains a semicolon'] : []),
  ];
}

/**
 * Replaces code, quotations, links and directives by dots of the same length, so that offsets stay.
 * @param {string} text
 */
function hideCode(text) {
  return [
    /```[\s\S]*?(?:```|$)/g,
    /@example\b[\s\S]*?(?=\n\s*@\w|$)/g,
    /<(code|pre)>[\s\S]*?<\/\1>/g,
    /`[^`\n]*`/g,
    /"[^"\n]*"|“[^”\n]*”|«[^»\n]*»/g,
    /\bhttps?:\/\/\S+/g,
    /^\s*(?:eslint|oxlint|prettier-|@ts-|#(?:end)?region|<reference|@type[ {]|@jest).*$/gm,
    // Lines of code that are commented out.
    /^.*(?:[{};]\s*$|=>|\);|^\s*(?:const|let|var|import|export|return|if|await|SELECT|INSERT|UPDATE|DELETE)\b.*[;{(=]).*$/gm,
  ].reduce((left, pattern) => left.replace(pattern, (part) => part.replace(/[^\n]/g, '·')), text);
}

/**
 * Finds wording to replace in the text of one comment.
 * @param {string} text without the comment's marks
 * @param {readonly Rule[]} [rules]
 * @returns {Finding[]} in the order of the text
 */
export function checkText(text, rules = RULES) {
  const prose = hideCode(text);
  return rules
    .flatMap(({ id, find, advice }) =>
      Array.from(prose.matchAll(find), ({ 0: match, index }) => ({
        rule: id,
        index,
        excerpt: text
          .slice(Math.max(0, index - 30), index + match.length + 45)
          .replace(/\s+/g, ' ')
          .trim(),
        advice,
      })),
    )
    .sort((a, b) => a.index - b.index);
}

/** Tokens after which a slash divides. After any other token it begins a regular expression. */
const VALUES = new Set([
  ...[ts.SyntaxKind.Identifier, ts.SyntaxKind.PrivateIdentifier, ts.SyntaxKind.NumericLiteral, ts.SyntaxKind.BigIntLiteral],
  ...[ts.SyntaxKind.StringLiteral, ts.SyntaxKind.NoSubstitutionTemplateLiteral, ts.SyntaxKind.TemplateTail],
  ...[ts.SyntaxKind.RegularExpressionLiteral, ts.SyntaxKind.CloseParenToken, ts.SyntaxKind.CloseBracketToken],
  ...[ts.SyntaxKind.CloseBraceToken, ts.SyntaxKind.ThisKeyword, ts.SyntaxKind.SuperKeyword, ts.SyntaxKind.NullKeyword],
  ...[ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken],
]);

/**
 * Lists the comments of a script. Consecutive lines of `//` are one comment.
 * @param {string} source
 * @param {number} firstLine the line of the source's beginning in its file
 * @returns {Comment[]}
 */
function readScript(source, firstLine) {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, source);
  /** @type {(Comment & { end?: number })[]} */
  const comments = [];
  /** @type {boolean[]} whether each open brace belongs to a template */
  const braces = [];
  let before = ts.SyntaxKind.Unknown;
  let line = firstLine;
  let isFirstInLine = true;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if ((token === ts.SyntaxKind.SlashToken || token === ts.SyntaxKind.SlashEqualsToken) && !VALUES.has(before))
      token = scanner.reScanSlashToken();
    if (token === ts.SyntaxKind.CloseBraceToken && braces.pop()) {
      token = scanner.reScanTemplateToken(false);
      if (token === ts.SyntaxKind.TemplateMiddle) braces.push(true);
    }
    if (token === ts.SyntaxKind.TemplateHead) braces.push(true);
    if (token === ts.SyntaxKind.OpenBraceToken) braces.push(false);
    const text = scanner.getTokenText();
    const lines = text.split('\n').length - 1;
    if (token === ts.SyntaxKind.SingleLineCommentTrivia) {
      const own = text.replace(/^\/+/, '').trim();
      const last = comments.at(-1);
      if (isFirstInLine && last?.end === line - 1) Object.assign(last, { text: `${last.text}\n${own}`, end: line });
      else comments.push({ line, text: own, end: isFirstInLine ? line : undefined });
    } else if (token === ts.SyntaxKind.MultiLineCommentTrivia) comments.push({ line, text: stripStars(text.slice(2, -2)) });
    else if (token === ts.SyntaxKind.NewLineTrivia) isFirstInLine = true;
    else if (token !== ts.SyntaxKind.WhitespaceTrivia) {
      before = token;
      isFirstInLine = false;
    }
    line += lines;
  }
  return comments;
}

/** @param {string} text of a block comment */
const stripStars = (text) =>
  text
    .replace(/^\*/, '')
    .replace(/^[ \t]*\*[ \t]?/gm, '')
    .trimEnd();

/**
 * Lists the titles of a spec.
 * @param {string} source
 * @returns {Comment[]}
 */
const readTitles = (source) =>
  Array.from(source.matchAll(TITLE), ({ index, 1: text, 2: template = '' }) => ({
    line: source.slice(0, index).split('\n').length,
    text: text ?? template,
  }));

/**
 * Lists the comments of a file: of scripts, and of a page's template and style.
 * @param {string} path
 * @param {string} source
 * @returns {Comment[]}
 */
export function readComments(path, source) {
  if (!path.endsWith('.vue')) return readScript(source, 1);
  const lineOf = (/** @type {number} */ at) => source.slice(0, at).split('\n').length;
  return [...source.matchAll(/<(script|style)\b[^>]*>([\s\S]*?)<\/\1>|<!--([\s\S]*?)-->/g)].flatMap((match) => {
    const [all, tag, code = '', html = ''] = match;
    const start = match.index + all.indexOf('>') + 1;
    if (tag === 'script') return readScript(code, lineOf(start));
    if (tag === 'style')
      return Array.from(code.matchAll(/\/\*([\s\S]*?)\*\//g), ({ 1: text = '', index }) => ({ line: lineOf(start + index), text }));
    return [{ line: lineOf(match.index), text: html }];
  });
}

/**
 * Checks the comments of one file.
 * @param {string} path
 * @param {string} source
 * @param {readonly Rule[]} [rules]
 * @returns {{ hits: Hit[], comments: number, words: number }}
 */
export function checkFile(path, source, rules = RULES) {
  const comments = [...readComments(path, source), ...(path.endsWith('.spec.ts') ? readTitles(source) : [])];
  const hits = comments.flatMap(({ line, text }) => {
    const start = text.length - text.trimStart().length;
    return checkText(text.trimStart(), rules).map((hit) => ({
      ...hit,
      file: path,
      line: line + text.slice(0, start + hit.index).split('\n').length - 1,
    }));
  });
  const words = comments.reduce((sum, { text }) => sum + (hideCode(text).match(/[A-Za-z’']{2,}/g)?.length ?? 0), 0);
  return { hits, comments: comments.length, words };
}

/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });

/** @param {string[]} paths files or folders, or an empty list for all files */
const listFiles = (paths) =>
  git('ls-files', '--cached', '--others', '--exclude-standard', '--', ...paths)
    .split('\n')
    .filter((path) => CODE.test(path) && !NOT_WRITTEN.test(path) && existsSync(join(root, path)));

/**
 * Reads which lines were added or changed since a commit: all lines of a file that git does not track yet.
 * @param {string} commit
 * @returns {Map<string, Set<number> | undefined>} by file
 */
function readChanges(commit) {
  /** @type {Map<string, Set<number> | undefined>} */
  const changes = new Map(
    git('ls-files', '--others', '--exclude-standard')
      .split('\n')
      .map((path) => [path, undefined]),
  );
  let file = '';
  for (const line of git('diff', '-U0', '--no-color', '--no-prefix', commit, '--').split('\n')) {
    if (line.startsWith('+++ ')) changes.set((file = line.slice(4)), new Set());
    const [, from, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    for (let n = 0; from !== undefined && n < Number(count); n++) changes.get(file)?.add(Number(from) + n);
  }
  return changes;
}

/**
 * Checks files and sums the result.
 * @param {string[]} paths
 * @param {readonly Rule[]} rules
 * @param {Map<string, Set<number> | undefined>} [changes] only these lines
 */
function checkFiles(paths, rules, changes) {
  const results = listFiles(paths)
    .filter((path) => !changes || changes.has(path))
    .map((path) => {
      const result = checkFile(path, readFileSync(join(root, path), 'utf8'), rules);
      const lines = changes?.get(path);
      return { path, ...result, hits: lines ? result.hits.filter(({ line }) => lines.has(line)) : result.hits };
    });
  return { results, hits: results.flatMap(({ hits }) => hits), words: results.reduce((sum, { words }) => sum + words, 0) };
}

/** @param {{ hits: number, words: number }} count */
const rateOf = ({ hits, words }) => (1000 * hits) / (words || 1);

/**
 * Lists the finished rooms that have more hits than the aim.
 * @returns {string[]} one line for each
 */
function findRoomsAboveAim() {
  return readFileSync(ROOMS, 'utf8')
    .split('\n')
    .filter(Boolean)
    .flatMap((room) => {
      const { hits, words } = checkFiles([room], RULES);
      const all = rateOf({ hits: hits.length, words });
      const withoutSemicolons = rateOf({ hits: hits.filter(({ rule }) => rule !== 'semicolon').length, words });
      if (all <= AIM.all && withoutSemicolons <= AIM.words) return [];
      return [
        `${room} has ${withoutSemicolons.toFixed(1)} hits per 1,000 words (at most ${AIM.words}), ` +
          `${all.toFixed(1)} with semicolons (at most ${AIM.all}). See npm run voice -- --list ${room}`,
      ];
    });
}

/** @param {string} path */
const folderOf = (path) =>
  path
    .split('/')
    .slice(0, -1)
    .slice(0, /^(libs\/(providers|built-in|integrations|testing|platform)|apps\/\w+\/src)\//.test(path) ? 3 : 2)
    .join('/') || '.';

/** @param {string[]} lines */
const print = (lines) => process.stdout.write(lines.map((line) => `${line}\n`).join(''));

/**
 * Prints the commit subjects that need a correction.
 * @param {string} range as `git log` takes it
 * @returns {number} how many
 */
function reportSubjects(range) {
  const commits = git('log', '--no-merges', '--format=%h %s', ...range.split(' '))
    .split('\n')
    .filter(Boolean);
  const bad = commits
    .map((commit) => ({ commit, problems: checkSubject(commit.slice(commit.indexOf(' ') + 1)) }))
    .filter(({ problems }) => problems.length > 0);
  print(bad.map(({ commit, problems }) => `${commit}: ${problems.join(', ')}`));
  print([`${bad.length} of ${commits.length} subjects to correct`]);
  return bad.length;
}

/**
 * Prints the number of hits of each group, the highest rate first.
 * @param {ReturnType<typeof checkFiles>} checked
 * @param {string} by folder, file or rule
 */
function reportGroups({ results, hits, words }, by) {
  /** @type {Map<string, { hits: number, words: number }>} */
  const groups = new Map();
  const add = (/** @type {string} */ name, /** @type {{ hits: number, words: number }} */ more) => {
    const group = groups.get(name) ?? { hits: 0, words: 0 };
    groups.set(name, { hits: group.hits + more.hits, words: group.words + more.words });
  };
  if (by === 'rule') for (const { id } of RULES) add(id, { hits: hits.filter(({ rule }) => rule === id).length, words });
  else for (const one of results) add(by === 'file' ? one.path : folderOf(one.path), { hits: one.hits.length, words: one.words });
  print(['  hits  per 1,000 words']);
  for (const [name, group] of [...groups].sort(([, a], [, b]) => rateOf(b) - rateOf(a)))
    if (group.hits > 0) print([`${String(group.hits).padStart(6)} ${rateOf(group).toFixed(1).padStart(6)}  ${name}`]);
}

/** Reads the command's options. */
function readOptions() {
  const options = /** @type {const} */ ({
    help: { type: 'boolean', short: 'h' },
    rules: { type: 'boolean' },
    rooms: { type: 'boolean' },
    list: { type: 'boolean' },
    by: { type: 'string', default: 'folder' },
    skip: { type: 'string', default: '' },
    max: { type: 'string' },
    changed: { type: 'string' },
    subjects: { type: 'string' },
  });
  // A range may begin with a dash, as -20 does.
  const args = process.argv
    .slice(2)
    .join('\n')
    .replace(/^--subjects\n/m, '--subjects=')
    .split('\n')
    .filter(Boolean);
  const { values, positionals: paths } = parseArgs({ args, options, allowPositionals: true });
  const skip = values.skip.split(',').filter(Boolean);
  const unknown = skip.find((id) => RULES.every((rule) => rule.id !== id));
  if (unknown !== undefined) throw new SetupError(`there is no rule "${unknown}"; see npm run voice -- --rules`);
  if (!['folder', 'file', 'rule'].includes(values.by)) throw new SetupError(`--by must be folder, file or rule, not "${values.by}"`);
  const max = Number(values.max ?? ((values.changed ?? values.subjects) === undefined ? Infinity : 0));
  if (Number.isNaN(max)) throw new SetupError(`--max must be a number, not "${values.max}"`);
  return { ...values, max, paths, chosen: RULES.filter(({ id }) => !skip.includes(id)) };
}

/** @returns {number} the exit code */
function run() {
  const { help: isHelp, rules, chosen, rooms, list, by, max, changed, subjects, paths } = readOptions();
  if (isHelp) process.stdout.write(help);
  else if (rules) print(RULES.map(({ id, advice }) => `${id.padEnd(18)} ${advice}`));
  else if (rooms) {
    const problems = findRoomsAboveAim();
    print(problems);
    return problems.length > 0 ? 1 : 0;
  } else if (subjects !== undefined) return reportSubjects(subjects) > max ? 1 : 0;
  else {
    const checked = checkFiles(paths, chosen, changed === undefined ? undefined : readChanges(changed));
    const { results, hits, words } = checked;
    if (list || changed !== undefined)
      print(hits.map(({ file, line, rule, excerpt, advice }) => `${file}:${line} ${rule} "${excerpt}": ${advice}`));
    if (changed === undefined) reportGroups(checked, by);
    print([`${hits.length} hits, ${rateOf({ hits: hits.length, words }).toFixed(1)} per 1,000 of ${words} words, ${results.length} files`]);
    return hits.length > max ? 1 : 0;
  }
  return 0;
}

if (isStarted(import.meta.url)) await main(async () => run());
