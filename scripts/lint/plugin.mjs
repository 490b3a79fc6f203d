/** A rule for oxlint: the formatter breaks long lines of code, and no comments. */

/** Longest line of a comment, columns. */
const LONGEST = 110;
/** Lines that cannot be broken: addresses, types, rows of tables. */
const UNBREAKABLE = /https?:\/\/|@param|@typedef|@returns|\* \|/;

/** @typedef {{ value: string, loc: { start: { line: number, column: number } } }} Comment */
/** @typedef {{ sourceCode: { lines: string[], getAllComments(): Comment[] }, report(problem: object): void }} RuleContext */

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

export default { meta: { name: 'crossdock' }, rules: { 'comment-length': commentLength } };
