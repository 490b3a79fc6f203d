import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type SandboxState } from './state.js';

/** Minimum milliseconds between a change and its write. */
const DELAY = 250;

/** The state as earlier versions stored it. */
type EarlierState = Omit<SandboxState, 'version' | 'exchanges' | 'exchangeId'> & {
  version: 1;
  journal: SandboxState['exchanges'];
  journalId: number;
};

/** The state on disk: loaded once, written a moment after changes, as a whole or not at all. */
export class StateFile {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private lastWrite = 0;
  private closed = false;

  /** Takes the file's path and a handler of problems. Without a path the state stays in memory. */
  constructor(
    private readonly path: string | undefined,
    private readonly warn: (message: string) => void,
  ) {}

  /** Returns the saved state, if any. Keeps an unreadable file under another name and reports it. */
  load(): SandboxState | undefined {
    if (this.path === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
    try {
      const state = JSON.parse(text) as SandboxState | EarlierState;
      if (state.version === 2) return state;
      const { journal: exchanges, journalId: exchangeId, ...kept } = state;
      if (state.version === 1) return { ...kept, version: 2, exchanges, exchangeId };
    } catch {
      // Reported below.
    }
    renameSync(this.path, `${this.path}.unreadable`);
    this.warn(`${this.path} is not a state of this sandbox; it is kept as ${this.path}.unreadable and a new one is started`);
    return undefined;
  }

  /** Schedules a write of the state at that time. */
  changed(state: SandboxState): void {
    if (this.path === undefined || this.closed || this.timer) return;
    // A large state is written less often, so that writing takes at most a twentieth of the time.
    this.timer = setTimeout(() => this.write(state), Math.max(DELAY, this.lastWrite * 20));
    this.timer.unref();
  }

  /** Writes unsaved changes. Nothing is written after it. */
  async close(state: SandboxState): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.closed || this.path === undefined) return;
    this.closed = true;
    await this.writing;
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, serialise(state), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }

  private write(state: SandboxState): void {
    this.timer = undefined;
    const path = this.path;
    if (path === undefined) return;
    this.writing = this.writing.then(async () => {
      const started = performance.now();
      try {
        mkdirSync(dirname(path), { recursive: true });
        await writeFile(`${path}.new`, serialise(state), { mode: 0o600 });
        await rename(`${path}.new`, path);
      } catch (error) {
        this.warn(`cannot write ${path}: ${String(error)}`);
      }
      this.lastWrite = performance.now() - started;
    });
  }
}

/** Maximum number of exchanges that are stored on disk. */
const KEPT_EXCHANGES = 200;

function serialise(state: SandboxState): string {
  return JSON.stringify({ ...state, exchanges: state.exchanges.slice(-KEPT_EXCHANGES) });
}
