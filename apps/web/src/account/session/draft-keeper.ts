import { type Ref, ref, shallowRef } from 'vue';
import type { Json } from '../form/form-values.js';

/** Unsaved changes, stored on the server. */
export interface Draft {
  /** Missing until they are needed. */
  readonly values?: Json;
  /** ISO 8601. */
  readonly savedAt: string;
}

/** Calls that store drafts. Each throws if it fails. */
export interface DraftCalls {
  /** `isLeaving`: the page is about to close, so the call must outlive it. */
  keep(values: Json, isLeaving: boolean): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** Milliseconds without a change before the draft is stored. */
const QUIET_MS = 1_000;
/** Milliseconds before the next attempt after a failure. */
const RETRY_MS = 10_000;
/** Maximum bytes that are sent while a page closes. A little less than browsers allow. */
const MOST_LEAVING = 60_000;

/**
 * Keeps unsaved changes of a form on the server, a moment after each change, and offers the draft that was
 * kept before the page was opened. Until the user decides about that draft, it is not overwritten.
 */
export class DraftKeeper {
  /** The draft from before this page was opened, until the user decides. */
  readonly offered: Ref<Draft | undefined> = shallowRef();
  /** Whether unsaved changes could not be kept. */
  readonly isLost = ref(false);
  /** Values to store. Null: the draft must be removed. Undefined: there is nothing to do. */
  private waiting: Json | undefined;
  private busy: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isBusy = false;
  private hasDraft = false;
  private hasSecrets = false;

  constructor(private readonly calls: DraftCalls) {}

  /** Offers a draft. */
  offer(found: Draft): void {
    this.offered.value = found;
    this.hasDraft = true;
  }

  /** Accepts the draft, which becomes the form's content. Returns its values. */
  accept(): Json | undefined {
    const found = this.offered.value;
    this.offered.value = undefined;
    return found?.values;
  }

  /** Discards the draft. */
  async discard(): Promise<void> {
    await this.calls.remove();
    this.offered.value = undefined;
    this.hasDraft = false;
    this.wait(QUIET_MS);
  }

  /**
   * Records a change: the values that differ from the stored ones, without secrets, or null if none do.
   * @param hasSecrets whether the user typed secrets, which are not kept
   */
  note(values: Json, hasSecrets = false): void {
    this.waiting = values;
    this.hasSecrets = hasSecrets;
    this.wait(QUIET_MS);
  }

  /** Drops the changes after the form was saved. The server has removed its draft. */
  forget(): void {
    clearTimeout(this.timer);
    this.offered.value = undefined;
    this.waiting = undefined;
    this.hasDraft = false;
    this.hasSecrets = false;
    this.isLost.value = false;
    // A call in progress may arrive after the server has removed the draft.
    if (this.isBusy) void this.busy.then(() => this.calls.remove()).catch(() => undefined);
  }

  /** Whether the page can be closed without losing changes. Sends waiting changes on the way. */
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
      // A later change takes precedence.
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
