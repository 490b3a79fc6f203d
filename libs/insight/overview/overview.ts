import type { HealthState } from '#connections';
import type { FailureSource } from '../failures/failure-rows.js';

/**
 * Problems that operators have to end:
 * - `restored`: connections are still to be compared after a restore
 * - `standing-still`: recurring work does not run
 * - `hanging`: a provider does not end calls after their time
 * - a state of health: connections do not work
 * - `waits`: messages wait for the CRM for long
 * - `failed`: messages or events were set aside
 * - `unknown-outcome`: the outcome of calls is unknown
 */
export type NeedKind = 'restored' | 'standing-still' | 'hanging' | HealthState | 'waits' | 'failed' | 'unknown-outcome';

/** Where a need is seen in full: one of the members is there. */
export interface NeedPlace {
  /** Filter of the list of connections. */
  connections?: { health: HealthState; module: string };
  /** Messages of this kind wait: shops by what waits longest. */
  waiting?: string;
  /** A group of failures. */
  failures?: { what: FailureSource; group: string };
  /** Name of the recurring work. */
  recurring?: string;
  /** The page of the system, with what to do after a restore. */
  restore?: true;
  /** Connections of the module, whose provider does not end calls. */
  module?: string;
}

/** An operation of this API that may end a need. */
export interface NeedAct {
  /** Its name in the API's document. */
  operation: 'replayFailures' | 'registerConnection' | 'checkConnection';
  /** Of its path. */
  path?: { id: string };
  /** Of its query: code of the provider that is meant. */
  query?: { provider: string };
  /** Its body. */
  body?: { what: FailureSource; group: string };
}

/** Something that needs somebody. */
export interface Need {
  kind: NeedKind;
  /** A sentence in plain English. */
  words: string;
  /** What the CRM, the provider or the database said, of one of them. */
  sample?: string;
  /** Since when the first of them has been so, ISO 8601. */
  since: string;
  /** Shops that have it; 0: it is of the deployment. */
  connections: number;
  /** Failures, or calls; left out where shops are what is counted. */
  count?: number;
  /** Codes of the modules. */
  modules: string[];
  /** The shop, where it is one. */
  connection?: { id: string; host: string };
  place: NeedPlace;
  /** What may end it; left out: it ends by itself, or only the shop can end it. */
  act?: NeedAct;
}

/** What waits for the CRM. */
export interface OutboxFigures {
  /** At most 10,000: then it is that or more. */
  waiting: number;
  /** When the oldest of those that wait for a live shop was stored, ISO 8601. */
  oldestAt?: string;
  /** Set aside, at most 10,000. */
  failed: number;
}

/** What providers reported. */
export interface InboxFigures {
  /** At most 10,000. */
  waiting: number;
  /** Set aside, at most 10,000. */
  failed: number;
}

/** How the whole deployment is. */
export interface Overview {
  /** When it was read, ISO 8601; it may be some 15 s old, and its figures 15 s older. */
  readAt: string;
  /** Connections by health; states that none is in are 0. */
  connections: Record<HealthState, number>;
  /** Shops that have connections: CRM accounts, each with one connection or several. */
  shopCount: number;
  outbox: OutboxFigures;
  inbox: InboxFigures;
  operations: {
    /** Of unknown outcome, at most 10,000. */
    unknown: number;
  };
  /** The worst first; at most 100. Failures are looked for among the last 10,000 of each kind. */
  needs: Need[];
}
