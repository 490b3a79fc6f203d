import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, type BulkheadPolicy, isBulkheadRejectedError } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { type Connection, CrmClients } from '#connections';
import { errorText, normalisePhone } from '#platform';
import { Extensions } from './extensions.js';
import type { Caller, CallerQuestion } from './port/index.js';
import { toCaller } from './reply-mapper.js';

/** How long the CRM may take to name a manager, in milliseconds: the caller waits. */
export const ANSWER_MS = 2_000;
/** Callers of one connection that are asked about; for more of them the PBX decides. */
const QUESTIONS = { atOnce: 4, waiting: 16 };
/** Connections whose questions are counted; of a forgotten one the count begins again. */
const MOST_CONNECTIONS = 10_000;

/** Asks the CRM about callers. */
@Injectable()
export class CallerManagers {
  private readonly logger = new Logger(CallerManagers.name);
  private readonly questions = new LRUCache<string, BulkheadPolicy>({ max: MOST_CONNECTIONS });

  constructor(
    private readonly crmClients: CrmClients,
    private readonly extensions: Extensions,
  ) {}

  /**
   * Returns what the CRM knows of a caller: his free manager, with `details` himself; undefined when nothing,
   * when too many are asked about, or not before `signal`, which by default ends in 2 s. Never throws.
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
