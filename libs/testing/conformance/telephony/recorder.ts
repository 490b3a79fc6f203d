import type { CallListener, CallUpdate, LineState } from '#telephony/port';

const WAIT_MS = 10_000;

/** A listener that keeps the reported calls. */
export class Recorder implements CallListener {
  open: readonly object[] = [];
  lastSeen?: Date;
  readonly updates: CallUpdate[] = [];
  line: LineState | undefined;
  /** The extension of each caller's manager. */
  manager: string | undefined;

  now(): Date {
    return new Date();
  }

  emit(update: CallUpdate): void {
    this.updates.push(update);
  }

  reportDropped(): void {
    throw new Error('too many calls');
  }

  route(): Promise<string | undefined> {
    return Promise.resolve(this.manager);
  }

  reportLine(state: LineState): void {
    this.line = state;
  }
}

export async function until(what: string, look: () => boolean): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS; !look();) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
