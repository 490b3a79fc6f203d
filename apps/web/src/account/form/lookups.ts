/** Searches for values of fields and remembers their names. Does not depend on a browser. */

/** An item that a lookup found. */
export interface LookupItem {
  value: string | number;
  label: string;
  /** A second line: an address, an e-mail. */
  hint?: string;
}

/** The items found. `more`: a longer term may find others. */
export interface Found {
  items: readonly LookupItem[];
  more: boolean;
}

/** The result of a lookup: items, or the reason why there are none to choose from. */
export type LookupAnswer = Found | { reason: string };

/** Calls the server. Returns undefined if the signal aborted the call. */
export type AskLookup = (name: string, term: string, signal?: AbortSignal) => Promise<LookupAnswer | undefined>;

/** Maximum number of characters in a term. */
const TERM_LENGTH = 100;
/** Maximum number of single values that a page looks up. */
const MOST_VALUES = 20;

/** All lookups of a page. */
export class Lookups {
  private readonly known = new Map<string, LookupItem>();
  private readonly first = new Map<string, Promise<LookupAnswer | undefined>>();
  private readonly asked = new Set<string>();
  /** The last value's search. Searches for values run one after another. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly ask: AskLookup) {}

  /** Finds items for a term. An empty term finds the first items. */
  async search(name: string, term: string, signal?: AbortSignal): Promise<LookupAnswer | undefined> {
    const answer = await this.ask(name, term.trim().slice(0, TERM_LENGTH), signal);
    if (answer && 'items' in answer) for (const item of answer.items) this.known.set(toKey(name, item.value), item);
    return answer;
  }

  /** Returns the item with this value if it was found before. */
  find(name: string, value: string): LookupItem | undefined {
    return this.known.get(toKey(name, value));
  }

  /** Finds the first items. Calls the server only once, unless that failed. */
  async list(name: string): Promise<LookupAnswer | undefined> {
    const first = this.first.get(name) ?? this.search(name, '');
    this.first.set(name, first);
    const answer = await first;
    if ((!answer || 'reason' in answer) && this.first.get(name) === first) this.first.delete(name);
    return answer;
  }

  /** Forgets the first items: new settings may find others. */
  forget(): void {
    this.first.clear();
    this.asked.clear();
  }

  /**
   * Loads the item of a stored value: searches the first items, then the value itself if there may be more.
   * Returns undefined if the lookup fails. The field shows the reason when it is used.
   */
  async load(name: string, value: string): Promise<LookupItem | undefined> {
    if (value.trim() === '' || this.find(name, value)) return this.find(name, value);
    const answer = await this.list(name);
    if (answer && 'items' in answer && answer.more && !this.find(name, value)) await this.searchOnce(name, value);
    return this.find(name, value);
  }

  private async searchOnce(name: string, value: string): Promise<void> {
    const key = toKey(name, value);
    if (!this.asked.has(key) && this.asked.size < MOST_VALUES) {
      this.asked.add(key);
      this.last = this.last.then(() => this.search(name, value));
    }
    await this.last;
  }
}

/** The searches of one field. Only the newest result is shown. */
export class FieldSearch {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;

  constructor(private readonly search: (term: string, signal: AbortSignal) => Promise<LookupAnswer | undefined>) {}

  /**
   * Searches after a pause in milliseconds and then calls `show`. Another search or a stop
   * cancels it.
   */
  start(term: string, pauseMs: number, show: (answer: LookupAnswer) => void): void {
    this.stop();
    const running = (this.running = new AbortController());
    this.timer = setTimeout(() => {
      void this.search(term, running.signal).then((answer) => {
        if (answer && !running.signal.aborted) show(answer);
      });
    }, pauseMs);
  }

  /** Ignores the result of a running search. */
  stop(): void {
    clearTimeout(this.timer);
    this.running?.abort();
  }
}

function toKey(name: string, value: string | number): string {
  return `${name}\n${String(value).trim()}`;
}
