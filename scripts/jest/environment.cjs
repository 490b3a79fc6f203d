/**
 * Jest's environment of specs that Node itself loads: the process instead of a context, so that a module is
 * compiled once for all files of a worker. It also counts the cost of a file.
 */
const { appendFileSync } = require('node:fs');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { ProcessTree } = require('./process-tree.cjs');

const shared = /** @type {Record<string | symbol, unknown>} */ (globalThis);
const own = globalThis.console;

module.exports = class NativeEnvironment {
  /**
   * @param {import('@jest/environment').JestEnvironmentConfig} config
   * @param {import('@jest/environment').EnvironmentContext} context
   */
  constructor({ projectConfig }, { testPath }) {
    this.testPath = testPath;
    // Jest sets its console and options of the file here. It would wrap exit() of the process for each file.
    this.global = new Proxy(
      /** @type {Record<string | symbol, unknown>} */ ({}),
      {
        get: (_target, name) => (name === 'process' ? undefined : shared[name]),
        set: (_target, name, value) => ((shared[name] = value), true),
      },
    );
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.processes = new ProcessTree();
  }

  async setup() {}

  /** @param {import('@jest/types').Circus.AsyncEvent | import('@jest/types').Circus.SyncEvent} event */
  async handleTestEvent({ name }) {
    // Modules are loaded once for all files of a worker, so their loading is left out.
    if (name === 'run_start') this.processes.restart();
    // Some processes end before the file does, and the kernel forgets the time of a browser's.
    if (name === 'test_done' || name === 'run_finish') this.processes.look();
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    globalThis.console = own;
    const line = { file: this.testPath, seconds: this.processes.seconds() };
    if (process.env.SPEC_COSTS) appendFileSync(process.env.SPEC_COSTS, `${JSON.stringify(line)}\n`);
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
};
