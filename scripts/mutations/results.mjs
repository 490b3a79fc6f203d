import { appendFileSync } from 'node:fs';

/** A Jest reporter that appends the result of each spec file to the file of MUTATION_RESULTS. */
export default class Results {
  /**
   * @param {import('@jest/reporters').Test} test
   * @param {import('@jest/reporters').TestResult} result
   */
  onTestResult({ path }, { testResults, testExecError }) {
    const failed = testResults.find(({ status }) => status === 'failed')?.fullName;
    const test = failed ?? (testExecError ? 'it cannot be loaded' : undefined);
    appendFileSync(/** @type {string} */ (process.env.MUTATION_RESULTS), `${JSON.stringify({ file: path, test })}\n`);
  }
}
