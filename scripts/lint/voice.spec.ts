import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../project.mjs';
import { RULES, checkText } from './voice.mjs';

const listRules = (text: string) => checkText(text).map(({ rule }) => rule);
const run = (name: string, args: string[], input?: string) =>
  spawnSync(process.execPath, [join(root, 'node_modules/.bin', name), ...args], { cwd: root, encoding: 'utf8', input }).stdout;

/** Has oxlint check a file and lists line, column and rule of each finding. */
function lint(name: string, source: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'voice-'));
  try {
    const config = {
      jsPlugins: [join(root, 'scripts/lint/plugin.mjs')],
      categories: { correctness: 'off' },
      rules: { 'crossdock/voice': 'error' },
    };
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
    writeFileSync(join(folder, name), source);
    const output = run('oxlint', ['-c', join(folder, '.oxlintrc.json'), '-f', 'unix', folder]);
    return Array.from(output.matchAll(/:(\d+:\d+): .*\((\S+)\):/g), ([, place, rule]) => `${place} ${rule}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('crossdock/voice', () => {
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
    const spec = readFileSync(join(root, 'scripts/lint/voice.spec.ts'), 'utf8');
    expect(RULES.filter(({ id }) => !spec.includes(`', '${id}'],`)).map(({ id }) => id)).toEqual([]);
  });

  it.each([
    'Returns the rows that failed.',
    'What if the reply was lost?',
    'Of course the row is kept.',
    'There is no address, and no one is notified.',
    'The list of them, and the rest of it.',
    'A call as it is stored, and a row as the operator sees it.',
    'Rejects a call if the shop has none, or if its date is ahead of now.',
    'Asked for later. `What is told` and "the news" are quotations.',
    'See https://example.com/news.',
    'const told = news; // what is told',
  ])('accepts "%s"', (text) => {
    expect(listRules(text)).toEqual([]);
  });

  it('reads comments, and neither strings, templates nor regular expressions', () => {
    const source = [
      '/** The first',
      ' * comment is left. */',
      "const a = 'x // left is left'; // Behind code it is left.",
      'const b = `${`// ${1 / 2} is left`} /* is left */`;',
      'const c = [/\\/\\/ is left/, 4 / 2];',
      '  // Two lines',
      '  // is left.',
    ].join('\n');
    expect(lint('a.ts', source)).toEqual(['2:12 is-left', '3:50 is-left', '7:6 is-left']);
  });

  it('takes consecutive lines of `//` for one comment', () => {
    expect(lint('a.ts', '// The row\n// that failed is\n// left.\nconst a = 1;\n// Left.\n')).toEqual([]);
    expect(lint('a.ts', '// The row. Of\n// the newest.\n')).toEqual([]);
  });

  it('reads titles of specs, and no other texts', () => {
    const source = [
      "describe('is left', () => {",
      "  it.each([1])('of %s is left', () => {});",
      '  it.each`a`(`is left ${1}`, () => {});',
      '});',
      "(a ? describe.skip : describe)('is left', () => {});",
      "call('is left');",
    ].join('\n');
    const found = ['1:11 is-left', '2:23 is-left', '3:15 is-left', '5:33 is-left'];
    expect(lint('a.spec.ts', source)).toEqual(found);
    expect(lint('a.e2e-spec.ts', source)).toEqual(found);
    expect(lint('a.ts', source)).toEqual([]);
  });

  it('reads the script of a page, and in ESLint its template', () => {
    const page =
      '<script setup lang="ts">\n// It is left.\n</script>\n<template>\n  <!-- It\n    is left. -->\n  <p>is left</p>\n</template>\n';
    expect(lint('A.vue', page)).toEqual(['2:7 is-left']);
    const [{ messages }] = JSON.parse(run('eslint', ['-f', 'json', '--stdin', '--stdin-filename', 'apps/web/src/SomePage.vue'], page));
    expect(messages.map(({ line, column, ruleId }: { line: number; column: number; ruleId: string }) => [line, column, ruleId])).toEqual([
      [6, 5, 'crossdock/voice'],
    ]);
  });
});
