import type { HealthState } from '#connections';
import type { StoryKind } from '../story/story.js';

/** The outcome, or `waiting` if it is not known yet. */
export type Tone = 'ok' | 'waiting' | 'failed';

/** A problem of a connection, current or resolved, in the account's language. */
export interface AccountProblem {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** When it was resolved. Missing if it still exists. */
  endedAt?: Date;
  words: string;
  /** The next step for the account's users. */
  todo?: string;
  /** Code of the provider whose service has the problem. */
  provider?: string;
}

/** A provider of the connection's module. */
export interface AccountProvider {
  provider: string;
  integration: string;
  title: string;
  /** The result of the last check of the stored settings. Missing if there was none. */
  check?: { state: 'ok' | 'errors' | 'away' | 'empty'; at: string };
  /** The account's identity at the service, as the check returned it. */
  account?: string;
}

/** A delivery, payment or call, described for its shop. */
export interface RecentView {
  kind: StoryKind;
  id: string;
  title: string;
  /** The state in words. */
  state: string;
  tone: Tone;
  /** Time of the state. */
  at: Date;
}

/** A connection's state for its users, in the account's language. */
export interface AccountOverview {
  health: { state: HealthState; since: Date; words: string; todo?: string };
  /** Current problems, the worst first. */
  problems: AccountProblem[];
  /** Problems of the last days that are resolved, the latest first. */
  pastProblems: AccountProblem[];
  providers: AccountProvider[];
  /** The latest ten, the newest first. */
  recent: RecentView[];
  /** Time of the CRM's last call (ISO 8601). Null if there was none. */
  lastCallbackAt: string | null;
  /** Time of the last update that the CRM accepted (ISO 8601). Null if there was none. */
  lastPushAt: string | null;
  /** Time since which updates wait for the CRM (ISO 8601). Null if none wait. */
  waitingSince: string | null;
  /** Messages and calls of the last 24 h that failed and wait for the operator. */
  failures: number;
}
