import type { FailureSource } from '../failures/failure-rows.js';

/** Kinds of things that have a story. */
export const STORY_KINDS = ['delivery', 'payment', 'call', 'dialogue', 'order'] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

/** The source of an event. */
export type StorySource = 'callback' | 'operation' | 'provider' | 'state' | 'outbox' | 'crm' | 'webhook' | 'poll' | 'reconciliation';

/** `waiting`: it continues automatically. `unknown`: it is not known yet whether it had an effect. */
export type StoryOutcome = 'ok' | 'waiting' | 'failed' | 'unknown';

/** An event of a story. */
export interface StoryEvent {
  readonly at: Date;
  readonly source: StorySource;
  /** A sentence. */
  readonly title: string;
  readonly outcome: StoryOutcome;
  /** The event's facts: ids, codes, times, the text of an error. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** The request number. */
  readonly request?: string | undefined;
  /** Id of the event's row in the journal, which has the bodies. */
  readonly journal?: string | undefined;
  /** The failure that can be replayed, with its source in the list of failures. */
  readonly failure?: { readonly what: FailureSource; readonly id: string } | undefined;
}

/** Returns details without missing values. */
export function listDetails(details: Readonly<Record<string, string | number | boolean | null | undefined>>): StoryEvent['details'] {
  return Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, string | number | boolean] => entry[1] != null && entry[1] !== ''),
  );
}

/** Formats a time for sentences, in UTC: `2026-11-27 10:32:05 UTC`. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Returns a text as a sentence that ends with one full stop. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
}
