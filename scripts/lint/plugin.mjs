/** Rules for oxlint: the length and the wording of comments. ESLint applies them to templates of pages. */
import { checkText } from './voice.mjs';

/** Longest line of a comment, columns. */
const LONGEST = 110;
/** Lines that cannot be broken: addresses, types, rows of tables. */
const UNBREAKABLE = /https?:\/\/|@param|@typedef|@returns|\* \|/;
/** Calls of Jest whose first argument is a title. */
const TITLED = new Set(['describe', 'it', 'test']);

/** @typedef {{ line: number, column: number }} Place */
/** @typedef {{ type: string, value: string, loc: { start: Place } }} Comment */
/** @typedef {{ type: string, loc: { start: Place }, [property: string]: any }} Node */
/** @typedef {{ lines: string[], ast: { templateBody?: { comments: Comment[] } }, getAllComments(): Comment[] }} SourceCode */
/** @typedef {{ filename: string, sourceCode: SourceCode, report(problem: object): void }} RuleContext */
/** @typedef {Place & { text: string }} Line */

/** Refuses longer lines of comments that stand alone. */
const commentLength = {
  create: (/** @type {RuleContext} */ { sourceCode, report }) => ({
    Program() {
      for (const { value, loc } of sourceCode.getAllComments())
        for (const [index] of value.split('\n').entries()) {
          const line = loc.start.line + index;
          const text = sourceCode.lines[line - 1] ?? '';
          const isAlone = index > 0 || text.slice(0, loc.start.column).trim() === '';
          if (isAlone && text.length > LONGEST && !UNBREAKABLE.test(text))
            report({ message: `A comment has at most ${LONGEST} columns: this line has ${text.length}`, loc: { line, column: 0 } });
        }
    },
  }),
};

/**
 * Lists the lines of a comment without its marks.
 * @param {Comment} comment
 * @returns {Line[]}
 */
const readLines = ({ type, value, loc: { start } }) =>
  value.split('\n').map((raw, index) => {
    const text = raw.replace(/^[\s*/]*/, '');
    const before = raw.length - text.length;
    return { text, line: start.line + index, column: index > 0 ? before : start.column + (type === 'HTMLComment' ? 4 : 2) + before };
  });

/**
 * Lists the comments of a file. Consecutive lines of `//` are one comment.
 * @param {SourceCode} sourceCode
 * @returns {Line[][]}
 */
function readComments(sourceCode) {
  /** @type {Line[][]} */
  const comments = [];
  let next = 0;
  for (const comment of sourceCode.ast.templateBody?.comments ?? sourceCode.getAllComments()) {
    const { type, loc } = comment;
    const isAlone = type === 'Line' && (sourceCode.lines[loc.start.line - 1] ?? '').slice(0, loc.start.column).trim() === '';
    if (isAlone && next === loc.start.line) comments.at(-1)?.push(...readLines(comment));
    else comments.push(readLines(comment));
    next = isAlone ? loc.start.line + 1 : 0;
  }
  return comments;
}

/**
 * Finds the name that a call begins with: `it` for `it.each(cases)('...')`.
 * @param {Node | undefined} node the callee
 * @returns {string | undefined}
 */
const nameOf = (node) => node?.['name'] ?? (node && nameOf(node['callee'] ?? node['tag'] ?? node['object'] ?? node['alternate']));

/** Refuses wording that readers stumble over, in comments and titles of specs. */
const voice = {
  create(/** @type {RuleContext} */ { filename, sourceCode, report }) {
    const check = (/** @type {Line[]} */ lines) => {
      for (const { rule, index, match, advice } of checkText(lines.map(({ text }) => text).join('\n'))) {
        let rest = index;
        const place = lines.find(({ text }) => rest <= text.length || ((rest -= text.length + 1), false));
        if (place) report({ message: `"${match.trim()}" (${rule}): ${advice}`, loc: { line: place.line, column: place.column + rest } });
      }
    };
    return {
      Program: () => readComments(sourceCode).forEach(check),
      ...(/[.-]spec\.ts$/.test(filename) && {
        CallExpression(/** @type {Node} */ { callee, arguments: [title] }) {
          const text = title?.type === 'Literal' ? title.value : title?.quasis?.map((/** @type {Node} */ { value }) => value.raw).join('·');
          if (typeof text !== 'string' || !TITLED.has(nameOf(callee) ?? '')) return;
          const { line, column } = title.loc.start;
          check(text.split('\n').map((part, at) => ({ text: part, line: line + at, column: at > 0 ? 0 : column + 1 })));
        },
      }),
    };
  },
};

export default { meta: { name: 'crossdock' }, rules: { 'comment-length': commentLength, voice } };
