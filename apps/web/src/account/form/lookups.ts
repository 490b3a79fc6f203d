/** Searches for values of fields, and remembers what they are called. It knows nothing of the browser. */

/** An item that a lookup found. */
export interface LookupItem {
  value: string | number;
  label: string;
  /** A second line: an address, an e-mail. */
  hint?: string;
}

/** Items that were found; `more`: a longer term may find others. */
export interface Found {
  items: readonly LookupItem[];
  more: boolean;
}

/** What a lookup answered: items, or why there are none to choose from. */
export type LookupAnswer = Found | { reason: string };

/** Asks the server; undefined when the signal ended it. */
export type AskLookup = (name: string, term: string, signal?: AbortSignal) => Promise<LookupAnswer | undefined>;

/** Characters of a term. */
const TERM_LENGTH = 100;
/** Values of one page that are asked for one by one. */
const MOST_VALUES = 20;

/** All lookups of a page. */
export class Lookups {
  private readonly known = new Map<string, LookupItem>();
  private readonly first = new Map<string, Promise<LookupAnswer | undefined>>();
  private readonly asked = new Set<string>();
  /** The last value's search: one waits for the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly ask: AskLookup) {}

  /** Finds items for a term; empty: the first ones. */
  async search(name: string, term: string, signal?: AbortSignal): Promise<LookupAnswer | undefined> {
    const answer = await this.ask(name, term.trim().slice(0, TERM_LENGTH), signal);
    if (answer && 'items' in answer) for (const item of answer.items) this.known.set(toKey(name, item.value), item);
    return answer;
  }

  /** The item with this value, as far as it was found before. */
  find(name: string, value: string): LookupItem | undefined {
    return this.known.get(toKey(name, value));
  }

  /** Finds the first items; asked for once, unless that was refused. */
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
   * Asks for the item of a stored value: the first items, and then the value itself if there may be more. A
   * refusal is undefined: the field says it when it is used.
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

/** The searches of one field: only the newest is shown. */
export class FieldSearch {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;

  constructor(private readonly search: (term: string, signal: AbortSignal) => Promise<LookupAnswer | undefined>) {}

  /**
   * Searches after a pause in milliseconds, unless another search or a stop comes first, and then calls
   * `show`.
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

  /** What is on its way is shown no more. */
  stop(): void {
    clearTimeout(this.timer);
    this.running?.abort();
  }
}

function toKey(name: string, value: string | number): string {
  return `${name}\n${String(value).trim()}`;
}
