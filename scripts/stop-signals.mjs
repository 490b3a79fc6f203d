import { SetupError, say } from './project.mjs';

/** Turns SIGINT, SIGTERM, SIGHUP and the end of npm into one orderly end. */
export class StopSignals {
  #controller = new AbortController();
  #firstAt = 0;
  /** Aborted by the first signal. */
  signal = this.#controller.signal;
  /** Called at a second one. */
  hurry = () => {};

  constructor() {
    for (const name of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => this.#stop(name));
    // npm hands signals on, but it cannot when it is killed.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event)
      setInterval(() => process.ppid === parent || this.#firstAt || this.#stop('npm is gone'), 500).unref();
  }

  /** @param {string} reason */
  #stop(reason) {
    if (!this.#firstAt) {
      this.#firstAt = Date.now();
      say(`stopping (${reason}) ...`);
      this.#controller.abort(new SetupError(`stopped (${reason})`));
      // One Ctrl-C arrives twice: from the terminal, which signals the group, and from npm.
    } else if (Date.now() - this.#firstAt > 1_000) {
      this.hurry();
    }
  }
}
