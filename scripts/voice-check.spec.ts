import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';
import { checkFile, checkSubject, checkText, readComments } from './voice-check.mjs';
import { RULES } from './voice-rules.mjs';

const listRules = (text: string) => checkText(text).map(({ rule }) => rule);

describe('npm run voice', () => {
  it.each([
    ['What a webhook is called with.', 'what-opening'],
    ['Pure. That the order is paid is read later.', 'that-opening'],
    ['Of the rows the newest.', 'of-opening'],
    ['All that failed today.', 'all-that-opening'],
    ['Stands for the address.', 'stands-opening'],
    ['Answers the page.', 'answers-opening'],
    ['A copy of what is stored.', 'what-clause'],
    ['A shop, and one that left.', 'one-that'],
    ['The rows and those of the shop.', 'those-of'],
    ['Whoever calls first.', 'whoever'],
    ['A table of which two rows remain.', 'of-which'],
    ['A value that is none.', 'is-none'],
    ['A text that is no address.', 'is-no'],
    ['Read by nobody.', 'nobody'],
    ['Not used any more.', 'any-more'],
    ['The CRM is told later.', 'told'],
    ['The file says so.', 'said'],
    ['The service is asked twice.', 'is-asked'],
    ['It hears of a payment.', 'speaks'],
    ['A body that names nothing.', 'named'],
    ['Sends news to the shop.', 'news'],
    ['If the service is away.', 'away'],
    ['It ends by itself.', 'by-itself'],
    ['A socket of ours.', 'of-ours'],
    ['The key of before is kept.', 'of-before'],
    ['A row that is of another account.', 'is-of'],
    ['The name of it.', 'of-it'],
    ['The time stands in the header.', 'stands'],
    ['Opens it anew.', 'anew'],
    ['The id alone counts.', 'alone'],
    ['At most one call a connection.', 'per'],
    ['Kept. Where it ends, the next starts.', 'where-for-if'],
    ['What goes with it.', 'goes-with'],
    ['A yes or no.', 'yes-or-no'],
    ['Waits for so long.', 'so-many'],
    ['The worker takes in files.', 'let-in'],
    ['When the wait is over.', 'is-through'],
    ['Mends the row.', 'mend'],
    ['A call is under way.', 'under-way'],
    ['The file beside it.', 'beside'],
    ['Kept as it is.', 'as-it-is'],
    ['All end at once.', 'at-once'],
    ['Equal but for the time.', 'but-for'],
    ['Nothing is left.', 'is-left'],
    ['The operator and his token.', 'he'],
    ['Reads rows; writes them later.', 'semicolon'],
  ])('finds in "%s" the rule %s', (text, rule) => {
    expect(listRules(text)).toContain(rule);
  });

  it('has a case above for every rule', () => {
    const spec = readFileSync(join(root, 'scripts/voice-check.spec.ts'), 'utf8');
    expect(RULES.filter(({ id }) => !spec.includes(`', '${id}'],`)).map(({ id }) => id)).toEqual([]);
  });

  it.each([
    'Returns the rows that failed.',
    'What if the reply was lost?',
    'Of course the row is kept.',
    'There is no address, and no one is notified.',
    'The list of them, and the rest of it.',
    'A call as it is stored, and a row as the operator sees it.',
    'Rejects a call if the shop has none.',
    'Asked for later. `What is told` and "the news" are quotations.',
    'See https://example.com/news.',
    'const told = news; // what is told',
  ])('accepts "%s"', (text) => {
    expect(listRules(text)).toEqual([]);
  });

  it('reads comments, and neither strings, templates nor regular expressions', () => {
    const source = [
      '/** The first',
      ' * comment. */',
      "const a = 'x // no'; // Behind code.",
      'const b = `${`// ${1 / 2} no`} /* no */`;',
      'const c = [/\\/\\/ no/, 4 / 2, /[/*]/];',
      '  // Two lines',
      '  // are one.',
      'const d = 1 / a; /* Last. */',
    ].join('\n');
    expect(readComments('a.ts', source).map(({ line, text }) => [line, text.trim()])).toEqual([
      [1, 'The first\ncomment.'],
      [3, 'Behind code.'],
      [6, 'Two lines\nare one.'],
      [8, 'Last.'],
    ]);
  });

  it('reads the script, the template and the style of a page', () => {
    const page = [
      '<script setup lang="ts">',
      '/* In code. */',
      'const a = "<!-- no -->";',
      '</script>',
      '<template>',
      '  <!-- On the page. -->',
      '  <p>a /* b</p>',
      '</template>',
      '<style>',
      'p {} /* In style. */',
      '</style>',
    ].join('\n');
    expect(readComments('a.vue', page).map(({ line, text }) => [line, text.trim()])).toEqual([
      [2, 'In code.'],
      [6, 'On the page.'],
      [10, 'In style.'],
    ]);
  });

  it('also reads the titles of a spec', () => {
    const spec =
      "describe('rows', () => {\n  it('are left', () => {});\n  it.each([1])('tells it is left %s', () => {});\n});\nf('is left');";
    expect(checkFile('a.spec.ts', spec).hits.map(({ line, rule }) => [line, rule])).toEqual([
      [2, 'is-left'],
      [3, 'is-left'],
    ]);
    expect(checkFile('a.ts', spec).hits).toEqual([]);
  });

  it('reports the line of a hit and counts words of prose', () => {
    const { hits, words } = checkFile('a.ts', 'const a = 1;\n/**\n * Reads `all rows`.\n * The rest is left.\n */\n');
    expect(hits.map(({ file, line, rule }) => [file, line, rule])).toEqual([['a.ts', 4, 'is-left']]);
    expect(words).toBe(5);
  });

  it.each([
    ['Add a check of subjects', []],
    ['telegram: send captions with albums', []],
    ['A check of subjects', ['does not begin with a verb that scripts/voice-rules.mjs lists ("A")']],
    ['Add a check.', ['ends with punctuation']],
    ['Add a check; delete the old one', ['contains a semicolon']],
    [`Add ${'x'.repeat(69)}`, ['has 73 characters, at most 72 are allowed']],
  ])('checks the subject "%s"', (subject, problems) => {
    expect(checkSubject(subject)).toEqual(problems);
  });

  it('has a sorted list of rooms that exist', () => {
    const rooms = readFileSync(join(root, 'scripts/voice-rooms.txt'), 'utf8').split('\n').slice(0, -1);
    expect(rooms).toEqual([...new Set(rooms)].sort());
    expect(rooms.filter((room) => !existsSync(join(root, room)))).toEqual([]);
  });
});
