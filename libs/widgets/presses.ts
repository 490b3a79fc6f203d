import { Injectable } from '@nestjs/common';
import { type Connection, ConnectionStore, refuseUnlessActive } from '#connections';
import {
  CallbackError,
  Database,
  defineJob,
  Environment,
  HandleJob,
  newId,
  Retention,
  RETENTION_EVERY_MS,
  SecretBox,
  textFor,
  toRows,
} from '#platform';
import { type StoredResult, WidgetPressEntity } from './widget.entity.js';
import type { EmbedPress } from './widget-view.js';
import { texts } from './widgets.texts.js';

/** Deletes old presses. */
const cleanPresses = defineJob<Record<string, never>>('housekeeping', 'widgets.clean');

/** Seconds for which a process works on a press. Longer than any call may take. */
const LEASE_S = 90;
/** Milliseconds that a repeat waits for the first press. */
const WAIT_MS = 900;
const POLL_MS = 50;
const KEPT_DAYS = 7;
/** Purpose of the signatures of one-time addresses. */
const PURPOSE = 'widget document';

/** Inserts a press, or takes it over from a process that failed or died. No row: another process has it. */
const BEGIN = `
  INSERT INTO widget_press AS known (id, connection_id, key, thing, action, lease_until)
  VALUES ($1, $2, $3, $4, $5, now() + interval '${LEASE_S} seconds')
  ON CONFLICT (connection_id, key) DO UPDATE SET lease_until = excluded.lease_until
    WHERE known.result IS NULL AND known.lease_until <= now() AND known.thing = excluded.thing AND known.action = excluded.action
  RETURNING id`;

/** A one-time address works for five minutes after the press. */
const SPEND = `
  UPDATE widget_press SET opened_at = now()
  WHERE id = $1 AND opened_at IS NULL AND created_at > now() - interval '5 minutes' AND result ? 'document'
  RETURNING connection_id AS "connectionId", thing, action`;

/** A document that a press opened. */
interface Opened {
  readonly id: string;
  readonly connection: Connection;
  readonly thing: string;
  readonly action: string;
}

/** Performs each press once, and issues one-time addresses of documents. */
@Injectable()
export class Presses {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly environment: Environment,
    private readonly box: SecretBox,
    private readonly retention: Retention,
  ) {}

  /**
   * Performs a press, or returns the result of the earlier press with its key.
   * @returns the result and, if the press opens a document, its one-time address
   * @throws CallbackError 409 if the key belongs to another action, and the errors of `work`
   */
  async perform(
    connection: Connection,
    press: Pick<EmbedPress, 'thing' | 'action' | 'key'>,
    language: string,
    work: () => Promise<StoredResult>,
  ): Promise<StoredResult & { open?: string }> {
    const values = [newId(), connection.id, press.key, press.thing, press.action];
    const [begun] = await this.database.query<{ id: string }>(BEGIN, values);
    if (!begun) return this.repeat(connection, press, language);
    const { id } = begun;
    try {
      const result = await work();
      await this.database.query('UPDATE widget_press SET result = $2 WHERE id = $1', [id, JSON.stringify(result)]);
      return this.addAddress(connection, id, result);
    } catch (error) {
      await this.database.query(`UPDATE widget_press SET lease_until = '-infinity' WHERE id = $1`, [id]).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Spends a one-time address. Undefined if it is unknown, expired or spent.
   * @throws CallbackError 403 if its connection is not active
   */
  async spend(moduleCode: string, token: string): Promise<Opened | undefined> {
    const id = this.box.verify(token, PURPOSE);
    if (id === undefined) return undefined;
    const [row] = toRows<Omit<Opened, 'connection' | 'id'> & { connectionId: string }>(await this.database.dataSource.query(SPEND, [id]));
    if (!row) return undefined;
    const { connectionId, ...of } = row;
    const connection = await this.connections.findById(connectionId, of.thing.split(':')[0]);
    if (connection?.module.code !== moduleCode) return undefined;
    refuseUnlessActive(connection);
    return { id, connection, ...of };
  }

  /** Makes an address usable again whose document could not be fetched. */
  async giveBack({ id }: Pick<Opened, 'id'>): Promise<void> {
    await this.database.query('UPDATE widget_press SET opened_at = NULL WHERE id = $1', [id]);
  }

  @HandleJob(cleanPresses, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('widget_press', 'true', 'created_at', KEPT_DAYS, stopping);
  }

  private async repeat(
    connection: Connection,
    { thing, action, key }: Pick<EmbedPress, 'thing' | 'action' | 'key'>,
    language: string,
  ): Promise<StoredResult & { open?: string }> {
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const row = await this.database.dataSource.getRepository(WidgetPressEntity).findOneBy({ connectionId: connection.id, key });
      if (row && (row.thing !== thing || row.action !== action)) throw new CallbackError(409, texts.otherPress);
      if (row?.result) return this.addAddress(connection, row.id, row.result);
      if (performance.now() > until) return { text: textFor(texts.running, language), tone: 'plain' };
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The address is bound to the press, so a repeat gets the same one. */
  private addAddress({ module }: Connection, id: string, result: StoredResult): StoredResult & { open?: string } {
    if (!result.document) return result;
    return { ...result, open: `${this.environment.publicUrl}/${module.code}/documents/${this.box.sign(id, PURPOSE)}` };
  }
}
