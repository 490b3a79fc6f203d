import type { HealthState } from '#connections';
import type { StoryKind } from '../story/story.js';

/** How something went, or goes. */
export type Tone = 'ok' | 'waiting' | 'failed';

/** What stands against a connection, or stood, in the account's language. */
export interface AccountProblem {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** When it was over; missing: it still holds. */
  endedAt?: Date;
  words: string;
  /** What the account's users can do about it. */
  todo?: string;
  /** Code of the provider whose service it is. */
  provider?: string;
}

/** A provider of the connection's module. */
export interface AccountProvider {
  provider: string;
  integration: string;
  title: string;
  /** What the last check of the stored settings came to; missing: there was none. */
  check?: { state: 'ok' | 'errors' | 'away' | 'empty'; at: string };
  /** Who the account is at the service, as the check said. */
  account?: string;
}

/** A delivery, payment or call as its shop sees it. */
export interface RecentView {
  kind: StoryKind;
  id: string;
  title: string;
  /** In words. */
  state: string;
  tone: Tone;
  /** Of the state. */
  at: Date;
}

/** How a connection is, for those who use it; texts are in the account's language. */
export interface AccountOverview {
  health: { state: HealthState; since: Date; words: string; todo?: string };
  /** All that stands against it, the worst first. */
  problems: AccountProblem[];
  /** What is over, of the last days, the latest first. */
  pastProblems: AccountProblem[];
  providers: AccountProvider[];
  /** The latest ten, the newest first. */
  recent: RecentView[];
  /** When the CRM called last, ISO 8601; null: not yet. */
  lastCallbackAt: string | null;
  /** When the CRM last took news, ISO 8601; null: not yet. */
  lastPushAt: string | null;
  /** Since when news wait for the CRM, ISO 8601; null: nothing waits. */
  waitingSince: string | null;
  /** News and calls of 24 h that came to nothing and wait for the operator. */
  failures: number;
}
