import type { HealthState } from '#connections';
import type { FailureSource } from '../failures/failure-rows.js';

/**
 * Problems that operators have to resolve:
 * - `restored`: connections have not been compared since a restore
 * - `standing-still`: a recurring job does not run
 * - `hanging`: a provider does not end calls after their timeout
 * - a state of health: connections do not work
 * - `waits`: messages have waited too long for the CRM
 * - `failed`: messages or events have failed for good
 * - `unknown-outcome`: calls have an unknown outcome
 */
export type NeedKind = 'restored' | 'standing-still' | 'hanging' | HealthState | 'waits' | 'failed' | 'unknown-outcome';

/** The page that shows a need in full. Exactly one member is set. */
export interface NeedPlace {
  /** Filter for the list of connections. */
  connections?: { health: HealthState; module: string };
  /** Kind of the waiting messages. The list of connections is sorted by the oldest one. */
  waiting?: string;
  /** A group of failures. */
  failures?: { what: FailureSource; group: string };
  /** Name of the recurring job. */
  recurring?: string;
  /** The system page, which shows the next steps after a restore. */
  restore?: true;
  /** Code of the module whose provider does not end calls. The list shows its connections. */
  module?: string;
}

/** An operation of the operator API that may resolve a need. */
export interface NeedAct {
  /** The operation's name in the API's document. */
  operation: 'replayFailures' | 'registerConnection' | 'checkConnection';
  /** Path parameters. */
  path?: { id: string };
  /** Query parameters: code of the provider. */
  query?: { provider: string };
  /** The request body. */
  body?: { what: FailureSource; group: string };
}

/** A problem that needs attention. */
export interface Need {
  kind: NeedKind;
  /** A sentence in plain English. */
  words: string;
  /** An example of the original message of the CRM, the provider or the database. */
  sample?: string;
  /** When the oldest occurrence started (ISO 8601). */
  since: string;
  /** Number of connections that have the problem. 0 if it concerns the deployment. */
  connections: number;
  /** Number of failures or calls. Missing if connections are counted instead. */
  count?: number;
  /** Codes of the modules. */
  modules: string[];
  /** The connection, if there is exactly one. */
  connection?: { id: string; host: string };
  place: NeedPlace;
  /** The action that may resolve it. Missing if it resolves automatically or only the shop can do it. */
  act?: NeedAct;
}

/** Figures about messages to the CRM. */
export interface OutboxFigures {
  /** At most 10,000, which means 10,000 or more. */
  waiting: number;
  /** When the oldest message that waits for a live connection was stored (ISO 8601). */
  oldestAt?: string;
  /** Messages that failed for good, at most 10,000. */
  failed: number;
}

/** Figures about events of providers. */
export interface InboxFigures {
  /** Events to be applied. 10,000 means 10,000 or more. */
  waiting: number;
  /** Events that failed for good, at most 10,000. */
  failed: number;
}

/** The state of the whole deployment. */
export interface Overview {
  /** When it was read (ISO 8601). May be about 15 s old, and the figures another 15 s older. */
  readAt: string;
  /** Number of connections by health. A state without connections is 0. */
  connections: Record<HealthState, number>;
  /** Number of shops with connections. A shop is a CRM account with one or more connections. */
  shopCount: number;
  outbox: OutboxFigures;
  inbox: InboxFigures;
  operations: {
    /** Operations with an unknown outcome, at most 10,000. */
    unknown: number;
  };
  /** At most 100, the worst first. Found in the last 10,000 failures of each kind. */
  needs: Need[];
}
