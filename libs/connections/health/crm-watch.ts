import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  AbortedError,
  AuthenticationError,
  type CrmResponseInfo,
  LimitError,
  ReplyError,
  ServerError,
  TimeoutError,
  TransportError,
} from '#crm-client';
import { errorText } from '#platform';
import type { CallerRow } from '../store/stored-connection.js';
import { explainCrmError } from '../crm-rejection.js';
import { HealthStore } from './health-store.js';

/** A call that we abort after this time, in milliseconds, counts as unanswered. */
const SILENT_MS = 10_000;
/** Maximum milliseconds between a failure and the check that it causes. */
const ASKED_MS = 15_000;

/** Detects from every call whether an account's CRM responds and accepts the key. */
@Injectable()
export class CrmWatch {
  private readonly logger = new Logger(CrmWatch.name);
  /** Ids of connections whose CRM will be checked soon. */
  private readonly asked = new LRUCache<string, true>({ max: 10_000, ttl: ASKED_MS });
  /** Problems that this process is currently storing. */
  private readonly busy = new Set<string>();

  constructor(private readonly health: HealthStore) {}

  /** Whether an error means that the CRM is unavailable. A lasting 503 also does. */
  isAway(error: unknown): boolean {
    if (error instanceof LimitError) return error.status === 503;
    return [TransportError, TimeoutError, ServerError, ReplyError].some((type) => error instanceof type);
  }

  /** Records how a call to the CRM of a connection (read before the call) ended. Neither waits nor fails. */
  note({ id, apiKeySealed, problems }: Pick<CallerRow, 'id' | 'apiKeySealed' | 'problems'>, { error, duration }: CrmResponseInfo): void {
    if (error instanceof AbortedError && duration < SILENT_MS) return;
    if (error instanceof AbortedError || this.isAway(error)) return this.suspect(id, problems);
    const isRejected = error instanceof AuthenticationError;
    const ended = Object.keys(problems).filter((key) => key === 'crm-away' || (key === 'crm-refuses' && !isRejected));
    if (ended.length > 0) this.keep(id, () => this.health.end(id, ended));
    else if (isRejected && !('crm-refuses' in problems))
      this.keep(id, () => this.health.begin(id, { kind: 'crm-refuses' }, explainCrmError(error), undefined, apiKeySealed));
  }

  /** A single failure may be temporary. A check of the CRM in a few seconds decides (`ConnectionChecks`). */
  private suspect(id: string, problems: CallerRow['problems']): void {
    if ('crm-away' in problems || this.asked.has(id)) return;
    this.asked.set(id, true);
    this.keep(id, () => this.health.suspect(id));
  }

  /** Stores in the background. After a failure, the next call stores it. */
  private keep(id: string, work: () => Promise<unknown>): void {
    if (this.busy.has(id)) return;
    this.busy.add(id);
    work()
      .catch((error: unknown) => this.logger.warn(`health of connection ${id} cannot be noted: ${errorText(error)}`))
      .finally(() => this.busy.delete(id));
  }
}
