/**
 * A Jest reporter that prints an error shared by many tests of a file (in `beforeAll`) once, with their
 * number.
 */
import { formatResultsErrors } from 'jest-message-util';

export default class SharedFailures {
  /** @param {import('@jest/reporters').Config.GlobalConfig} globalConfig */
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  /**
   * @param {import('@jest/reporters').Test} test
   * @param {import('@jest/reporters').TestResult} result whose message is rewritten
   */
  onTestResult({ context, path }, result) {
    /** @type {Map<string, import('@jest/reporters').TestResult['testResults']>} */
    const byError = new Map();
    for (const one of result.testResults.filter(({ status }) => status === 'failed')) {
      const error = one.failureMessages.join('\n');
      byError.set(error, [...(byError.get(error) ?? []), one]);
    }
    const groups = [...byError.values()];
    if (groups.every((tests) => tests.length === 1)) return;
    const shown = groups.map(([first, ...more]) =>
      more.length === 0 ? first : { ...first, title: `${first.title} (and ${more.length} more tests of this file, with the same error)` },
    );
    result.failureMessage = formatResultsErrors(shown, context.config, this.globalConfig, path);
  }
}
