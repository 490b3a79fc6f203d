import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, type BulkheadPolicy, isBulkheadRejectedError } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { type Connection, CrmClients } from '#connections';
import { errorText, normalisePhone } from '#platform';
import { Extensions } from './extensions.js';
import type { Caller, CallerQuestion } from './port/index.js';
import { toCaller } from './reply-mapper.js';

/** Milliseconds in which the CRM must return a manager, because the caller waits. */
export const ANSWER_MS = 2_000;
/** Maximum number of a connection's parallel and waiting lookups. The PBX decides about further callers. */
const QUESTIONS = { atOnce: 4, waiting: 16 };
/** Maximum number of connections whose lookups are counted. The count of a forgotten connection restarts. */
const MOST_CONNECTIONS = 10_000;

/** Looks up callers in the CRM. */
@Injectable()
export class CallerManagers {
  private readonly logger = new Logger(CallerManagers.name);
  private readonly questions = new LRUCache<string, BulkheadPolicy>({ max: MOST_CONNECTIONS });

  constructor(
    private readonly crmClients: CrmClients,
    private readonly extensions: Extensions,
  ) {}

  /**
   * Returns the CRM's data about a caller: their free manager, and with `details` the customer. Returns
   * undefined if there is no data, too many lookups are running, or `signal` ends first, by default after 2
   * s. Never throws.
   */
  async identify(
    connection: Connection,
    phone: string,
    question: CallerQuestion = {},
    signal = AbortSignal.timeout(ANSWER_MS),
  ): Promise<Caller | undefined> {
    const normal = normalisePhone(phone, this.extensions.getCountry(connection));
    if (normal === undefined) return undefined;
    try {
      const late = sleep(ANSWER_MS, undefined, { signal, ref: false }).catch(() => undefined);
      return await Promise.race([late, this.questionsOf(connection).execute(() => this.ask(connection, normal, question, signal))]);
    } catch (error) {
      if (!isBulkheadRejectedError(error)) this.logger.warn(`no manager for a call of connection ${connection.id}: ${errorText(error)}`);
      return undefined;
    }
  }

  private async ask(
    connection: Connection,
    phone: string,
    { ignoreStatus, details }: CallerQuestion,
    signal: AbortSignal,
  ): Promise<Caller | undefined> {
    const crm = await this.crmClients.crmFor(connection.id, 'interactive', connection);
    const asked = { phone, ...(details && { details: 1 }), ...(ignoreStatus && { ignoreStatus: 1 }) };
    const caller = toCaller(await crm.exact.telephony.manager(asked, { signal }));
    const code = caller?.manager?.code ?? this.extensions.findCode(connection, caller?.manager?.id);
    return caller && { ...(code !== undefined && { code }), ...caller };
  }

  private questionsOf({ id }: Connection): BulkheadPolicy {
    let policy = this.questions.get(id);
    if (!policy) this.questions.set(id, (policy = bulkhead(QUESTIONS.atOnce, QUESTIONS.waiting)));
    return policy;
  }
}
