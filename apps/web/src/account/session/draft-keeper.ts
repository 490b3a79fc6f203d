import { type Ref, ref, shallowRef } from 'vue';
import type { Json } from '../form/form-values.js';

/** What was typed and not saved, as the server keeps it. */
export interface Draft {
  /** Missing until they are wanted. */
  readonly values?: Json;
  /** ISO 8601. */
  readonly savedAt: string;
}

/** How drafts are stored; each throws when that fails. */
export interface DraftCalls {
  /** `isLeaving`: the page is about to close, and the call has to outlive it. */
  keep(values: Json, isLeaving: boolean): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** Milliseconds without a change until what is typed is kept. */
const QUIET_MS = 1_000;
/** Until it is tried again after a failure. */
const RETRY_MS = 10_000;
/** Bytes of what a browser still sends while a page closes; a little less than it takes. */
const MOST_LEAVING = 60_000;

/**
 * Keeps what is typed into a form on the server, a moment after each change, and offers what was kept before
 * the page was opened. As long as the user has not decided about that, nothing takes its place.
 */
export class DraftKeeper {
  /** What was kept before this page was opened, until the user decides. */
  readonly offered: Ref<Draft | undefined> = shallowRef();
  /** Whether something typed is not kept, because that failed. */
  readonly isLost = ref(false);
  /** Values that are to be kept; null: the draft is to go; undefined: nothing is to be done. */
  private waiting: Json | undefined;
  private busy: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isBusy = false;
  private hasDraft = false;
  private hasSecrets = false;

  constructor(private readonly calls: DraftCalls) {}

  /** Offers a draft that was found. */
  offer(found: Draft): void {
    this.offered.value = found;
    this.hasDraft = true;
  }

  /** The user goes on with the draft: it is the form's content from now on. Returns its values. */
  accept(): Json | undefined {
    const found = this.offered.value;
    this.offered.value = undefined;
    return found?.values;
  }

  /** The user does not want the draft. */
  async discard(): Promise<void> {
    await this.calls.remove();
    this.offered.value = undefined;
    this.hasDraft = false;
    this.wait(QUIET_MS);
  }

  /**
   * Notes a change: the values that are not as stored, without secrets, or null when all are.
   * @param hasSecrets whether secrets were typed, which are not kept
   */
  note(values: Json, hasSecrets = false): void {
    this.waiting = values;
    this.hasSecrets = hasSecrets;
    this.wait(QUIET_MS);
  }

  /** The form was saved, and the server has removed its draft. */
  forget(): void {
    clearTimeout(this.timer);
    this.offered.value = undefined;
    this.waiting = undefined;
    this.hasDraft = false;
    this.hasSecrets = false;
    this.isLost.value = false;
    // What is on its way may arrive after the server has removed the draft.
    if (this.isBusy) void this.busy.then(() => this.calls.remove()).catch(() => undefined);
  }

  /** Whether the page may be left without losing what was typed; what waits is sent on the way. */
  leave(): boolean {
    if (this.hasSecrets) return false;
    if (this.waiting === undefined || this.waiting === null) return true;
    if (this.offered.value || this.isLost.value || this.isBusy || !isLight(this.waiting)) return false;
    void this.send(true);
    return true;
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    if (this.waiting === undefined || this.offered.value) return;
    this.timer = setTimeout(() => void this.send(false), ms);
  }

  private send(isLeaving: boolean): Promise<void> {
    clearTimeout(this.timer);
    this.busy = this.busy.then(() => this.sendNow(isLeaving));
    return this.busy;
  }

  private async sendNow(isLeaving: boolean): Promise<void> {
    const values = this.waiting;
    if (values === undefined || this.offered.value) return;
    this.waiting = undefined;
    this.isBusy = true;
    try {
      if (values !== null) await this.calls.keep(values, isLeaving);
      else if (this.hasDraft) await this.calls.remove();
      this.hasDraft = values !== null;
      this.isLost.value = false;
    } catch {
      this.isLost.value = values !== null;
      // A later change takes its place.
      this.waiting ??= values;
      this.wait(RETRY_MS);
    } finally {
      this.isBusy = false;
    }
  }
}

function isLight(values: Json): boolean {
  return new TextEncoder().encode(JSON.stringify(values)).length < MOST_LEAVING;
}
