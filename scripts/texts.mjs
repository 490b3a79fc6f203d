/** Checks the texts of the project: each in its file, in all languages, and in use. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** The languages that every folder of texts has. */
const LANGUAGES = ['en', 'es', 'ru'];
/** Parts of a field of a form. Objects with other keys are tables by code. */
const FIELD_KEYS = new Set(['title', 'hint', 'unit', 'choices', 'label', 'text', 'trial', 'name', 'description']);
const PLACE = /\{(\w+)\}/g;
/** A name in any language: a capital or a digit follows its first letter, or it has no letter. */
const NAME = /^(?:[^\p{L}]*|\p{Lu}|[^\s]*\p{L}[^\s]*[\p{Lu}\d][^\s]*)$/u;

/** @typedef {{ [key: string]: string | Tree }} Tree */
/** @typedef {Record<string, string>} Sources text by path */

/**
 * Reads the sources and texts that git knows, new ones included.
 * @param {string} root
 * @returns {Sources}
 */
export function readSources(root) {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'libs', 'lab', 'tools'], {
    cwd: root,
    encoding: 'utf8',
  });
  const wanted = listed.split('\n').filter((path) => (isCode(path) || isTextFile(path)) && existsSync(join(root, path)));
  return Object.fromEntries(wanted.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** @param {string} path */
const isTextFile = (path) => /(^|\/)texts\/(\w+\/)?\w+\.json$/.test(path);
/** @param {string} path */
const isCode = (path) =>
  /\.(ts|vue)$/.test(path) && !/\.d\.ts$|\.spec\.ts$|\.e2e-spec\.ts$|\/generated\/|\/test\/|spec-fields\.ts$/.test(path);

/**
 * Lists objects with texts of several languages in code, and functions that make them.
 * @param {Sources} sources
 * @returns {string[]} places such as `libs/a/b.ts:12`
 */
export function listLiterals(sources) {
  return Object.entries(sources).flatMap(([path, text]) => {
    if (!isCode(path) || !/\bru\b/.test(text)) return [];
    const source = parse(path, text);
    /** @type {string[]} */
    const found = [];
    walk(source, (node) => {
      const names = ts.isObjectLiteralExpression(node)
        ? node.properties.map((property) => property.name?.getText(source) ?? '')
        : ts.isFunctionLike(node)
          ? node.parameters.map((parameter) => parameter.name.getText(source))
          : [];
      if (LANGUAGES.filter((language) => names.includes(language)).length > 1) found.push(place(path, source, node));
    });
    return found;
  });
}

/**
 * Lists the problems in the files of each folder: keys, their order, places, empty texts, format.
 * @param {Sources} sources
 * @returns {string[]}
 */
export function listFileProblems(sources) {
  return listFolders(sources).flatMap((folder) => {
    const files = Object.keys(sources).filter((path) => isTextFile(path) && posix.dirname(path) === folder);
    const missing = LANGUAGES.map((language) => `${folder}/${language}.json`).filter((path) => !files.includes(path));
    if (missing.length > 0) return missing.map((path) => `${path} is missing`);
    const english = flatten(readTree(sources, `${folder}/en.json`));
    return files.flatMap((path) => {
      const tree = readTree(sources, path);
      const own = flatten(tree);
      const problems = [...english.keys()].filter((key) => !own.has(key)).map((key) => `${path}: "${key}" is missing`);
      problems.push(...[...own.keys()].filter((key) => !english.has(key)).map((key) => `${path}: "${key}" is not in English`));
      if (problems.length === 0 && [...own.keys()].join() !== [...english.keys()].join())
        problems.push(`${path}: keys are not in the order of English`);
      for (const [key, text] of own) {
        if (text.trim() === '') problems.push(`${path}: "${key}" is empty`);
        if (english.has(key) && listPlaces(text) !== listPlaces(english.get(key) ?? ''))
          problems.push(`${path}: "${key}" has other places than in English`);
      }
      if (sources[path] !== `${JSON.stringify(tree, null, 2)}\n`) problems.push(`${path} is not formatted: run npm run format`);
      return problems;
    });
  });
}

/**
 * Lists texts that are the same in English and Russian, or in English and Spanish, and are not names.
 * @param {Sources} sources
 * @param {readonly string[]} names texts that may be
 * @returns {string[]}
 */
export function listUntranslated(sources, names) {
  return listFolders(sources).flatMap((folder) => {
    const english = flatten(readTree(sources, `${folder}/en.json`));
    return ['es', 'ru'].flatMap((language) => {
      const own = flatten(readTree(sources, `${folder}/${language}.json`));
      const same = [...own].filter(([key, text]) => english.get(key) === text && key !== 'title' && !names.includes(text) && !isName(text));
      return same.map(([key, text]) => `${folder}/${language}.json: "${key}" is English: ${text}`);
    });
  });
}

/** @param {string} text */
const isName = (text) =>
  text
    .replace(PLACE, '')
    .split(/\s+/)
    .every((word) => NAME.test(word));

/**
 * Lists keys that no code uses, and places that code does not fill in.
 * @param {Sources} sources
 * @returns {string[]}
 */
export function listUnused(sources) {
  const uses = new Map(listFolders(sources).map((folder) => [folder, new Uses(flatten(readTree(sources, `${folder}/en.json`)))]));
  const readers = findReaders(sources);
  for (const [path, text] of Object.entries(sources)) if (isCode(path)) collectUses(path, text, readers, uses);
  return [...uses].flatMap(([folder, found]) => found.list().map((problem) => `${folder}/en.json: ${problem}`));
}

/** How the texts of a folder are used. */
class Uses {
  /** @param {Map<string, string>} texts by key */
  constructor(texts) {
    this.texts = texts;
    /** @type {Set<string>} */
    this.used = new Set();
    /** @type {string[]} */
    this.problems = [];
  }

  /**
   * @param {readonly string[]} keys that lead to a text or a group
   * @param {{ isSpread?: boolean, isShown?: boolean, values?: readonly string[] | undefined }} how
   */
  add(keys, { isSpread = false, isShown = false, values } = {}) {
    const key = keys.join('.');
    const text = this.texts.get(key);
    if (text !== undefined) {
      this.used.add(key);
      const places = listPlaces(text);
      if (values && places !== [...values].sort().join())
        this.problems.push(`"${key}" has the places ${places}, and code fills in ${values.join()}`);
      if (places !== '' && isShown && !values) this.problems.push(`"${key}" is shown without values for ${places}`);
      return;
    }
    const inner = [...this.texts.keys()].filter((one) => key === '' || one.startsWith(`${key}.`));
    const parts = new Set(inner.map((one) => one.slice(key === '' ? 0 : key.length + 1).split('.')[0] ?? ''));
    const isField = isSpread && parts.size <= FIELD_KEYS.size && [...parts].some((part) => FIELD_KEYS.has(part));
    for (const one of inner) {
      const part = one.slice(key === '' ? 0 : key.length + 1).split('.')[0] ?? '';
      if (!isField || FIELD_KEYS.has(part)) this.used.add(one);
    }
  }

  /** Marks keys that a function of pages is called with. @param {string} key @param {boolean} isBeginning */
  addKey(key, isBeginning) {
    for (const one of this.texts.keys()) if (isBeginning ? one.startsWith(key) : one === key) this.used.add(one);
  }

  list() {
    return [...[...this.texts.keys()].filter((key) => !this.used.has(key)).map((key) => `"${key}" is not used`), ...this.problems];
  }
}

/**
 * Finds the variables that hold the texts of a folder: by file and name.
 * @param {Sources} sources
 * @returns {Map<string, { folder: string, isTable: boolean }>}
 */
function findReaders(sources) {
  const readers = new Map();
  for (const [path, text] of Object.entries(sources)) {
    if (!isCode(path)) continue;
    const [, name = '', call, folder = ''] =
      /const (\w+)\b[^;]*?\b(readTexts|joinTexts)<typeof en>\([^']*'([^']+?)(?:\*\.json)?'/.exec(text) ?? [];
    if (call)
      readers.set(`${path}#${name}`, { folder: posix.join(posix.dirname(path), folder).replace(/\/$/, ''), isTable: call === 'joinTexts' });
    // The sandbox reads the file of one language.
    else if (text.includes('`./texts/${language}.json`'))
      readers.set(`${path}#words`, { folder: `${posix.dirname(path)}/texts`, isTable: false });
  }
  return readers;
}

/**
 * @param {string} path
 * @param {string} text
 * @param {ReturnType<typeof findReaders>} readers
 * @param {Map<string, Uses>} uses by folder
 */
function collectUses(path, text, readers, uses) {
  const source = parse(path, text);
  /** @type {Map<string, { folder: string, isTable: boolean }>} */
  const known = new Map();
  for (const [key, reader] of readers) if (key.startsWith(`${path}#`)) known.set(key.slice(path.length + 1), reader);
  for (const statement of source.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (!bindings || !ts.isNamedImports(bindings) || !ts.isImportDeclaration(statement)) continue;
    const from = /** @type {ts.StringLiteral} */ (statement.moduleSpecifier).text;
    const file = posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts');
    for (const { name, propertyName } of bindings.elements) {
      const reader = readers.get(`${file}#${(propertyName ?? name).text}`);
      if (reader) known.set(name.text, reader);
    }
  }
  if (isPage(path)) collectKeys(source, uses);
  if (known.size === 0) return;
  walk(source, (node) => {
    if (!ts.isIdentifier(node) || !known.has(node.text) || !isReference(node)) return;
    const { folder } = /** @type {{ folder: string }} */ (known.get(node.text));
    const { keys, end } = follow(node);
    const whole = keys.length === 0 && isPage(path);
    if (!whole) uses.get(folder)?.add(keys, { isSpread: isSpread(end), isShown: isShown(end), values: findValues(end) });
  });
}

/** Whether a path belongs to code for browsers, which refers to texts by key. @param {string} path */
function isPage(path) {
  return /^apps\/(web|widget)\//.test(path);
}

/** Whether an identifier is a use of a variable. @param {ts.Identifier} node */
function isReference(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  return (
    !ts.isVariableDeclaration(parent) &&
    !ts.isImportSpecifier(parent) &&
    !ts.isTypeQueryNode(parent) &&
    !ts.isQualifiedName(parent) &&
    !ts.isParameter(parent)
  );
}

/** Follows `texts.a['b']` to its end. @param {ts.Node} node */
function follow(node) {
  /** @type {string[]} */
  const keys = [];
  let end = node;
  for (;;) {
    const { parent } = end;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === end) keys.push(parent.name.text);
    else if (ts.isElementAccessExpression(parent) && parent.expression === end && ts.isStringLiteral(parent.argumentExpression))
      keys.push(parent.argumentExpression.text);
    else return { keys, end };
    end = parent;
  }
}

/** @param {ts.Node} node */
function isSpread({ parent }) {
  return ts.isSpreadAssignment(parent) || (ts.isCallExpression(parent) && parent.expression.getText() === 'Field');
}

/** Whether a text is shown without `fillIn`. @param {ts.Node} node */
function isShown({ parent }) {
  return ts.isCallExpression(parent) && ['textFor', 'say'].includes(parent.expression.getText());
}

/** The places that `fillIn` receives values for, or undefined if the text is not filled in here. @param {ts.Node} node */
function findValues(node) {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.expression.getText() !== 'fillIn' || call.arguments[0] !== node) return undefined;
  const values = call.arguments[1];
  return values && ts.isObjectLiteralExpression(values) ? values.properties.map((property) => property.name?.getText() ?? '') : undefined;
}

/** Pages refer to texts by key: `say('saved')`, or `say(\`problem.${kind}\`)`. @param {ts.SourceFile} source @param {Map<string, Uses>} uses */
function collectKeys(source, uses) {
  const tables = [...uses].flatMap(([folder, found]) => (isPage(folder) ? [found] : []));
  walk(source, (node) => {
    if (ts.isStringLiteralLike(node)) for (const table of tables) table.addKey(node.text, false);
    // A table by key, such as tones by state, is used with `say(row.state)`.
    else if (ts.isPropertyAssignment(node)) for (const table of tables) table.addKey(node.name.getText(), false);
    else if (ts.isTemplateExpression(node) && node.head.text !== '') for (const table of tables) table.addKey(node.head.text, true);
  });
}

/** @param {Sources} sources */
function listFolders(sources) {
  return [
    ...new Set(
      Object.keys(sources)
        .filter(isTextFile)
        .map((path) => posix.dirname(path)),
    ),
  ].sort();
}

/** @param {Sources} sources @param {string} path @returns {Tree} */
function readTree(sources, path) {
  return JSON.parse(sources[path] ?? '{}');
}

/** @param {Tree} tree @param {string} [before] @returns {Map<string, string>} */
function flatten(tree, before = '') {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [/** @type {[string, string]} */ ([before + key, value])] : [...flatten(value, `${before}${key}.`)],
    ),
  );
}

/** @param {string} text */
function listPlaces(text) {
  return [...new Set([...text.matchAll(PLACE)].map(([, name]) => name))].sort().join();
}

/** A script, or the code of a component with the expressions of its template. @param {string} path @param {string} text */
function parse(path, text) {
  const code = path.endsWith('.vue')
    ? `${[...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n')};\n${[...text.matchAll(/\{\{(.*?)\}\}|[:@#\w-]+="([^"]*)"/gs)].map(([, shown, bound]) => `;(${shown ?? bound});`).join('\n')}`
    : text;
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
}

/** @param {ts.Node} node @param {(node: ts.Node) => void} visit */
function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (inner) => walk(inner, visit));
}

/** @param {string} path @param {ts.SourceFile} source @param {ts.Node} node */
function place(path, source, node) {
  return `${path}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}
