import { expect, it } from '@jest/globals';
import SharedFailures from './failures.mjs';

const failed = (title: string, error: string) => ({
  ancestorTitles: ['a file'],
  title,
  status: 'failed',
  failureMessages: [error],
  failureDetails: [],
});

function report(testResults: object[]): string {
  const result = { failureMessage: 'as Jest words it', testResults };
  const test = { path: '/a.spec.ts', context: { config: { rootDir: '/', testMatch: [] } } };
  new SharedFailures({ noStackTrace: true } as never).onTestResult(test as never, result as never);
  return result.failureMessage;
}

it('prints an error that tests share once, with their number, and others unchanged', () => {
  const text = report([
    failed('one', 'Error: no server'),
    failed('two', 'Error: no server'),
    failed('three', 'Error: no server'),
    failed('four', 'Error: 1 is not 2'),
  ]);
  expect(text.match(/no server/g)).toHaveLength(1);
  expect(text).toContain('one (and 2 more tests of this file, with the same error)');
  expect(text).toContain('a file › four\n');
  expect(text).toContain('1 is not 2');
});

it('leaves errors that differ to Jest', () => {
  expect(report([failed('one', 'Error: 1'), failed('two', 'Error: 2')])).toBe('as Jest words it');
});
