import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Connection, ConnectionStore, refuseUnlessActive } from '#connections';
import {
  CallbackError,
  Database,
  defineJob,
  Environment,
  errorTrace,
  fillIn,
  HandleJob,
  newId,
  Retention,
  RETENTION_EVERY_MS,
  SecretBox,
  textFor,
  toLogLine,
  toRows,
} from '#platform';
import { ProviderError } from '#provider-kit';
import { type StoredResult, WidgetPressEntity } from './widget.entity.js';
import type { EmbedPress, WidgetAlert, WidgetView } from './widget-view.js';
import { texts } from './widgets.texts.js';

/** Deletes old presses. */
const cleanPresses = defineJob<Record<string, never>>('housekeeping', 'widgets.clean');

/** Seconds for which a process works on a press. Longer than any call may take. */
const LEASE_S = 90;
/** Milliseconds until a press is answered. Its work continues. */
const ANSWER_MS = 800;
const POLL_MS = 50;
const KEPT_DAYS = 7;
/** Purpose of the signatures of one-time addresses. */
const PURPOSE = 'widget document';

/** Another press of the same action that has not ended, or whose outcome is not known. */
const OPEN = `
  SELECT lease_until > now() AS "isRunning" FROM widget_press
  WHERE connection_id = $1 AND thing = $2 AND action = $3 AND key <> $4 AND result IS NULL AND lease_until > '-infinity'
  ORDER BY lease_until DESC LIMIT 1`;

/**
 * Inserts a press, or takes it over if it failed, or its outcome is not known because its process died. No
 * row: it runs, or has ended.
 */
const BEGIN = `
  INSERT INTO widget_press AS known (id, connection_id, key, thing, action, lease_until)
  VALUES ($1, $2, $3, $4, $5, now() + interval '${LEASE_S} seconds')
  ON CONFLICT (connection_id, key) DO UPDATE SET lease_until = excluded.lease_until, result = NULL
    WHERE (known.result IS NULL AND known.lease_until <= now() OR known.result ->> 'late' = 'failed')
      AND known.thing = excluded.thing AND known.action = excluded.action
  RETURNING id`;

/** Presses that a sidebar shows: running, of unknown outcome, or ended lately after their reply. */
const SHOWN = `
  SELECT thing, action, key, result, lease_until > now() AS "isRunning" FROM widget_press
  WHERE connection_id = $1 AND thing = ANY($2)
    AND (result IS NULL AND lease_until > '-infinity' OR result ? 'late' AND lease_until > now() - interval '15 minutes')
  ORDER BY created_at DESC LIMIT 20`;

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

type ShownPress = Pick<WidgetPressEntity, 'thing' | 'action' | 'key' | 'result'> & { readonly isRunning: boolean };

/** Seconds after which an open sidebar with a running press is loaded again. */
const REFRESH_S = 3;

/** Performs each press once, and issues one-time addresses of documents. */
@Injectable()
export class Presses implements OnApplicationShutdown {
  private readonly logger = new Logger(Presses.name);
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly environment: Environment,
    private readonly box: SecretBox,
    private readonly retention: Retention,
  ) {}

  /**
   * Performs a press, or returns the result of the earlier press with its key. After 800 ms it returns that
   * the press is running, and the work continues.
   * @param isLone whether only one press of the action may be open
   * @returns the result and, if the press opens a document, its one-time address
   * @throws CallbackError 409 if the key belongs to another action, and the errors of `work` in that time
   */
  async perform(
    connection: Connection,
    press: Pick<EmbedPress, 'thing' | 'action' | 'key'>,
    { language, isLone }: { language: string; isLone: boolean },
    work: (pressId: string) => Promise<StoredResult>,
  ): Promise<StoredResult & { open?: string }> {
    const begun = await this.begin(connection, press, isLone);
    if (begun?.isOpen) return { text: textFor(begun.isRunning ? texts.running : texts.notKnown, language), tone: 'warning' };
    if (!begun) return this.repeat(connection, press, language);
    const { id } = begun;
    let isLate = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve(undefined);
      }, ANSWER_MS);
    });
    const ending = Promise.allSettled([work(id)]).then(([outcome]) => {
      clearTimeout(timer);
      return this.end(connection, id, outcome, isLate ? language : undefined);
    });
    this.running.add(ending);
    void ending.catch(() => undefined).then(() => this.running.delete(ending));
    const result = await Promise.race([ending, late]);
    return result ? this.addAddress(connection, id, result) : { text: textFor(texts.running, language), tone: 'plain' };
  }

  /** Adds to a view the presses that run, that ended after their reply, or whose outcome is not known. */
  async addTo(connection: Connection, view: WidgetView, language: string): Promise<WidgetView> {
    const { things = [] } = view;
    if (things.length === 0) return view;
    const presses = await this.database.query<ShownPress>(SHOWN, [connection.id, things]);
    if (presses.length === 0) return view;
    const find = ({ thing, action }: Pick<ShownPress, 'thing' | 'action'>): ShownPress | undefined =>
      presses.find((one) => !one.result && one.thing === thing && one.action === action);
    const alerts = presses.flatMap((press): WidgetAlert[] => {
      const { result, isRunning } = press;
      if (result) return [{ text: result.text, tone: result.tone }];
      const action = view.actions.find((one) => one.thing === press.thing && one.action === press.action)?.label;
      if (isRunning) return [{ text: textFor(action ? fillIn(texts.isRunning, { action }) : texts.running, language), tone: 'plain' }];
      if (!action) return [];
      return [
        { text: textFor(fillIn(texts.isNotKnown, { action }), language), advice: textFor(texts.pressAgain, language), tone: 'warning' },
      ];
    });
    const actions = view.actions.flatMap((action) => {
      const press = find(action);
      return press?.isRunning ? [] : [press ? { ...action, key: press.key } : action];
    });
    const refreshS = presses.some(({ isRunning, result }) => isRunning && !result) ? REFRESH_S : undefined;
    return { ...view, alerts: [...alerts, ...view.alerts], actions, ...(refreshS !== undefined && { refreshS }) };
  }

  /** The process ends after its running presses. The time for the calls of providers limits them. */
  async onApplicationShutdown(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled([...this.running]);
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

  /** Returns the press to perform, another open one, or undefined if the press has begun before. */
  private begin(
    connection: Connection,
    { thing, action, key }: Pick<EmbedPress, 'thing' | 'action' | 'key'>,
    isLone: boolean,
  ): Promise<{ isOpen: false; id: string } | { isOpen: true; isRunning: boolean } | undefined> {
    return this.database.transaction(async (tx) => {
      if (isLone) {
        await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`press ${connection.id} ${thing} ${action}`]);
        const [open] = toRows<{ isRunning: boolean }>(await tx.query(OPEN, [connection.id, thing, action, key]));
        if (open) return { isOpen: true, isRunning: open.isRunning };
      }
      const [begun] = toRows<{ id: string }>(await tx.query(BEGIN, [newId(), connection.id, key, thing, action]));
      return begun && { isOpen: false, id: begun.id };
    }, connection.request);
  }

  /**
   * Stores how a press ended. `lateIn`: the language of its user, who has the reply that it is running.
   * Throws the error of the work if the user still waits.
   */
  private async end(
    { request }: Connection,
    id: string,
    outcome: PromiseSettledResult<StoredResult>,
    lateIn: string | undefined,
  ): Promise<StoredResult | undefined> {
    if (outcome.status === 'fulfilled') return this.store(id, lateIn === undefined ? outcome.value : { ...outcome.value, late: 'done' });
    const error: unknown = outcome.reason;
    if (error instanceof ProviderError && error.kind === 'unknown_outcome') {
      // A repeat with the key looks it up.
      await this.database.query('UPDATE widget_press SET lease_until = now() WHERE id = $1', [id]).catch(() => undefined);
    } else if (lateIn === undefined) {
      await this.database.query(`UPDATE widget_press SET lease_until = '-infinity' WHERE id = $1`, [id]).catch(() => undefined);
    } else {
      if (!(error instanceof ProviderError || error instanceof CallbackError))
        this.logger.error(toLogLine(`press ${id} failed after its reply: ${errorTrace(error)}`, request));
      await this.store(id, { text: explainFailure(error, lateIn), tone: 'bad', late: 'failed' });
    }
    if (lateIn === undefined) throw error;
    return undefined;
  }

  private async store(id: string, result: StoredResult): Promise<StoredResult> {
    await this.database.query('UPDATE widget_press SET result = $2, lease_until = now() WHERE id = $1', [id, JSON.stringify(result)]);
    return result;
  }

  private async repeat(
    connection: Connection,
    { thing, action, key }: Pick<EmbedPress, 'thing' | 'action' | 'key'>,
    language: string,
  ): Promise<StoredResult & { open?: string }> {
    const until = performance.now() + ANSWER_MS;
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

/** Describes why a press failed. */
function explainFailure(error: unknown, language: string): string {
  if (!(error instanceof ProviderError || error instanceof CallbackError)) return textFor(texts.failed, language);
  const { localText, message } = error;
  const reason = localText ? textFor(localText, language) : message;
  if (error instanceof CallbackError) return reason;
  const isRefused = error.kind === 'rejected' || error.kind === 'invalid';
  return textFor(fillIn(isRefused ? texts.refused : texts.away, { reason }), language);
}
