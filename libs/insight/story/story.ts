import type { FailureSource } from '../failures/failure-rows.js';

/** What a story is told of. */
export const STORY_KINDS = ['delivery', 'payment', 'call', 'dialogue', 'order'] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

/** Where an event of a story is known from. */
export type StorySource = 'callback' | 'operation' | 'provider' | 'state' | 'outbox' | 'crm' | 'webhook' | 'poll' | 'reconciliation';

/** `waiting`: it goes on by itself; `unknown`: nobody can say yet whether it had an effect. */
export type StoryOutcome = 'ok' | 'waiting' | 'failed' | 'unknown';

/** Something that happened. */
export interface StoryEvent {
  readonly at: Date;
  readonly source: StorySource;
  /** A sentence. */
  readonly title: string;
  readonly outcome: StoryOutcome;
  /** Facts of it: ids, codes, times, the text of an error. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** Number of the request. */
  readonly request?: string | undefined;
  /** Id of its row in the journal, where the bodies are. */
  readonly journal?: string | undefined;
  /** What failed and may be replayed, as the list of failures names it. */
  readonly failure?: { readonly what: FailureSource; readonly id: string } | undefined;
}

/** Returns details without those that are missing. */
export function listDetails(details: Readonly<Record<string, string | number | boolean | null | undefined>>): StoryEvent['details'] {
  return Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, string | number | boolean] => entry[1] != null && entry[1] !== ''),
  );
}

/** Returns a time as sentences name it, in UTC: `2026-11-27 10:32:05 UTC`. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Returns a text as a sentence, with one full stop at its end. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
}
