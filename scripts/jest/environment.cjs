/**
 * Jest's environment of specs that Node itself loads: the process instead of a context, so that a module is
 * compiled once for all files of a worker. It also counts what a file costs.
 */
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { ProcessTree } = require('./process-tree.cjs');

const own = globalThis.console;

module.exports = class NativeEnvironment {
  /** @param {import('@jest/environment').JestEnvironmentConfig} config */
  constructor({ projectConfig }) {
    // Jest sets variables of a file here; only its console is one of the process.
    this.global = {
      get console() {
        return globalThis.console;
      },
      set console(value) {
        globalThis.console = value;
      },
    };
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
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
};
