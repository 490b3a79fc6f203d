import { createHmac } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { describeState, type HealthChangeEntity, type HealthState, HostedModules, OperatorMessageEntity } from '#connections';
import { Clock, Database, defineJob, Environment, errorText, HandleJob, Retention, RETENTION_EVERY_MS, textFor, toRows } from '#platform';

/** Sends pending health changes to the operator. */
const tellOperator = defineJob<Record<string, never>>('housekeeping', 'operator.notify');
/** Deletes old health changes. */
const cleanChanges = defineJob<Record<string, never>>('housekeeping', 'health.clean');

const TELL_MS = 5_000;
/** Maximum number of changes in one request. */
const MOST_EVENTS = 100;
const SEND_MS = 10_000;
/** Seconds until a message is sent again, doubled each time, also if the worker died while sending. */
const PAUSE_S = { first: 15, most: 3_600 };
const GIVE_UP_DAYS = 3;
const KEEP_DAYS = 90;
/** Maximum length of a problem. */
const PROBLEM_LENGTH = 300;

/** A change of a connection's health in the operator's webhook. */
export interface HealthEvent {
  /** The change's id, the same in the webhook and in lists. */
  id: string;
  /** Public id of the connection. */
  connection: string;
  /** Code of the module. */
  module: string;
  /** The CRM's code of the instance. */
  code: string;
  /** Host of the account, `demo.retailcrm.pro`. */
  account: string;
  from: HealthState;
  to: HealthState;
  /** Time since `to` is true, ISO 8601. */
  since: string;
  /** When the change was found, ISO 8601. */
  at: string;
  /** Description in plain English. */
  words: string;
  /** Error message of the CRM or the service. */
  reason?: string;
  /** Code of the provider whose service has changed. */
  provider?: string;
}

/** Result of sending a message. */
export interface WebhookTrial {
  /** Whether the receiver responded with 2xx. */
  taken: boolean;
  /** HTTP status. Missing: there was no response. */
  status?: number;
  /** Reason why the message was not accepted, in plain words. */
  problem?: string;
  /** Milliseconds until the response. */
  tookMs: number;
}

/** A change with the details of its connection. */
export interface ChangeRow extends HealthChangeEntity {
  module: string;
  code: string;
  systemUrl: string;
}

/** SQL of the details of changes. */
const CHANGES = `SELECT h.id, h.connection_id AS "connectionId", h."from", h."to", h.since, h.at, h.provider, h.reason, c.module_code AS module, c.code, c.system_url AS "systemUrl"
  FROM health_change h JOIN connection c ON c.id = h.connection_id`;

/**
 * Sends changes of health to the operator as signed requests (standardwebhooks.com). Each change is sent
 * once, in order, and simultaneous changes together.
 */
@Injectable()
export class OperatorWebhook {
  private readonly logger = new Logger(OperatorWebhook.name);

  constructor(
    private readonly database: Database,
    private readonly modules: HostedModules,
    private readonly environment: Environment,
    private readonly clock: Clock,
    private readonly retention: Retention,
  ) {}

  /** Whether an operator's webhook is configured. */
  get isSet(): boolean {
    return this.environment.OPERATOR_WEBHOOK_URL !== undefined;
  }

  /** Sends a message without changes immediately. It is not repeated. */
  test(): Promise<WebhookTrial> {
    return this.send(uuidv7(), 'test', []);
  }

  /** Lists changes with ids above `after` and up to `upTo`, oldest first, at most `most`. */
  async listChanges(after: string, upTo: string, most: number): Promise<HealthEvent[]> {
    const rows = await this.database.query<ChangeRow>(`${CHANGES} WHERE h.id > $1 AND h.id <= $2 ORDER BY h.id LIMIT $3`, [
      after,
      upTo,
      most,
    ]);
    return rows.map((row) => this.toEvent(row));
  }

  /** Sends waiting changes. A message that was not accepted comes first, so that changes arrive in order. */
  @HandleJob(tellOperator, { everyMs: TELL_MS })
  async tell(_data: object, stopping: AbortSignal): Promise<void> {
    if (!this.isSet) {
      await this.database.query(`UPDATE health_change SET state = 'unsent' WHERE state = 'waiting'`);
      await this.database.query('DELETE FROM operator_message');
      return;
    }
    while (!stopping.aborted) {
      const message = (await this.claim()) ?? ((await this.makeMessage()) ? await this.claim() : undefined);
      if (!message || !(await this.sendMessage(message))) return;
    }
  }

  /** Deletes changes that were sent long ago. */
  @HandleJob(cleanChanges, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('health_change', `state <> 'waiting'`, 'at', KEEP_DAYS, stopping);
  }

  /** Claims the oldest message, if it is due. */
  private async claim(): Promise<Pick<OperatorMessageEntity, 'id' | 'createdAt' | 'tries'> | undefined> {
    const [message] = await this.database.query<Pick<OperatorMessageEntity, 'id' | 'createdAt' | 'tries'>>(
      `UPDATE operator_message SET tries = tries + 1,
         due_at = now() + least(${PAUSE_S.most}, ${PAUSE_S.first} * power(2, least(tries, 10))) * (0.9 + 0.2 * random()) * interval '1 second'
       WHERE id = (SELECT id FROM operator_message ORDER BY created_at, id LIMIT 1 FOR UPDATE) AND due_at <= now()
       RETURNING id, created_at AS "createdAt", tries`,
    );
    return message;
  }

  /** Puts the oldest waiting changes into a message, unless there already is one. Returns whether it did. */
  private async makeMessage(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('operator.notify', 0))`);
      const made = toRows(
        await tx.query(
          `WITH made AS (INSERT INTO operator_message (id) SELECT $1 WHERE NOT EXISTS (SELECT FROM operator_message)
             AND EXISTS (SELECT FROM health_change WHERE state = 'waiting') RETURNING id)
           UPDATE health_change SET message_id = made.id FROM made
           WHERE health_change.id IN (SELECT id FROM health_change WHERE state = 'waiting' ORDER BY id LIMIT ${MOST_EVENTS}) RETURNING health_change.id`,
          [uuidv7()],
        ),
      );
      return made.length > 0;
    });
  }

  /** Sends a message. Returns whether the next message may follow. */
  private async sendMessage({ id, createdAt, tries }: Pick<OperatorMessageEntity, 'id' | 'createdAt' | 'tries'>): Promise<boolean> {
    const rows = await this.database.query<ChangeRow>(`${CHANGES} WHERE h.message_id = $1 ORDER BY h.id`, [id]);
    // Changes of accounts that were erased in the meantime are not sent.
    const trial =
      rows.length > 0
        ? await this.send(
            id,
            'connections.health',
            rows.map((row) => this.toEvent(row)),
          )
        : { taken: true };
    if (trial.taken) {
      await this.end(id, 'sent');
      return true;
    }
    const problem = ('problem' in trial && trial.problem) || 'it was not accepted';
    const isOver = this.clock.now().getTime() - createdAt.getTime() > GIVE_UP_DAYS * 86_400_000;
    this.logger[isOver ? 'error' : 'warn'](
      `OPERATOR_WEBHOOK_URL did not accept ${rows.length} changes of health, try ${tries}: ${problem}${isOver ? '. There are no more tries' : ''}`,
    );
    if (isOver) await this.end(id, 'unsent');
    else await this.database.query('UPDATE operator_message SET last_error = $2 WHERE id = $1', [id, problem]);
    return isOver;
  }

  private async end(id: string, state: HealthChangeEntity['state']): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('UPDATE health_change SET state = $2 WHERE message_id = $1', [id, state]);
      await tx.query('DELETE FROM operator_message WHERE id = $1', [id]);
    });
  }

  private async send(id: string, type: string, events: readonly HealthEvent[]): Promise<WebhookTrial> {
    const { OPERATOR_WEBHOOK_URL: url = '', operatorWebhookKeys: keys } = this.environment;
    const now = this.clock.now();
    const body = JSON.stringify({ type, timestamp: now.toISOString(), events });
    const startedAt = performance.now();
    const tookMs = (): number => Math.round(performance.now() - startedAt);
    try {
      const reply = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(SEND_MS),
        headers: { 'content-type': 'application/json', 'user-agent': 'crossdock', ...signMessage(id, now, body, keys) },
        body,
      });
      await reply.body?.cancel();
      const { status, ok } = reply;
      return { taken: ok, status, tookMs: tookMs(), ...(!ok && { problem: explainStatus(status) }) };
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? errorText(error.cause) : errorText(error);
      return { taken: false, tookMs: tookMs(), problem: cause.slice(0, PROBLEM_LENGTH) };
    }
  }

  /** Builds the webhook's event of a change. */
  toEvent({ id, connectionId, module, code, systemUrl, from, to, since, at, provider, reason }: ChangeRow): HealthEvent {
    const part = this.modules.get(module)?.providers.find(({ manifest }) => manifest.code === provider);
    return {
      ...{ id, connection: connectionId, module, code, account: URL.canParse(systemUrl) ? new URL(systemUrl).host : systemUrl },
      ...{ from, to, since: since.toISOString(), at: at.toISOString(), words: textFor(describeState(to, part?.manifest.title), 'en') },
      ...(reason && { reason }),
      ...(provider !== null && { provider }),
    };
  }
}

/** Returns the headers of a message signed with each key (standardwebhooks.com, `v1`). */
export function signMessage(id: string, at: Date, body: string, keys: readonly Uint8Array[]): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function explainStatus(status: number): string {
  return status >= 300 && status < 400 ? `it responded with ${status}, and redirects are not followed` : `it answered ${status}`;
}
