const NativeEnvironment = require('../jest/environment.cjs');

/** Skips the tests of a file that follow the first failed one. */
module.exports = class StopAtFailure extends NativeEnvironment {
  hasFailed = false;

  /**
   * @override
   * @param {import('@jest/types').Circus.AsyncEvent | import('@jest/types').Circus.SyncEvent} event
   */
  async handleTestEvent(event) {
    await super.handleTestEvent(event);
    if (event.name === 'test_done' && event.test.errors.length > 0) this.hasFailed = true;
    if (event.name === 'test_start' && this.hasFailed) event.test.mode = 'skip';
  }
};
