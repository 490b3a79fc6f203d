import { Injectable, Logger } from '@nestjs/common';
import { DateTime } from 'luxon';
import { type Connection, ConnectionStore, CrmClients, type CrmErrand, HostedModules } from '#connections';
import { CrmError, NotFoundError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { toSubject } from '#journal';
import { Database, defineJob, errorText, HandleJob } from '#platform';
import { OutageLog, ProviderError } from '#provider-kit';
import type { TelephonyProvider } from './port/index.js';
import { RecordLinks } from './record-links.js';
import { toCaller } from './reply-mapper.js';

/** Copies due recordings to the CRM's files. */
const copyRecords = defineJob<Record<string, never>>('housekeeping', 'telephony.records');

const EVERY_MS = 5_000;
/** Maximum number of recordings copied at the same time. */
const AT_ONCE = 4;
/** Timeout of one copy in milliseconds. Shorter than any pause. */
const COPY_MS = 240_000;
/** Seconds until the next try after the first, the second and so on: six in a day. */
const PAUSES_S = [300, 900, 3_600, 14_400, 64_800, 300];
const MOST_TRIES = 6;
/** Seconds for which the other recordings of a connection wait if its PBX or CRM is down. */
const AWAY_S = 300;

/** A recording to be copied. */
interface DueRecord {
  id: string;
  connectionId: string;
  tries: number;
  record: string | null;
  /** Null: it is not copied yet, or the copy's id is unknown. */
  fileId: string | null;
  phone: string | null;
  startedAt: Date;
}

/**
 * Copies recordings of ended calls to the CRM's files and attaches each to its customer. The file's id is
 * stored in between. A copy whose reply is lost is made again, because uploads have no key.
 */
@Injectable()
export class TelephonyRecords {
  private readonly logger = new Logger(TelephonyRecords.name);
  private readonly outages = new OutageLog(this.logger, 'read for recordings');
  private running = false;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly modules: HostedModules,
    private readonly links: RecordLinks,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
  ) {}

  @HandleJob(copyRecords, { everyMs: EVERY_MS })
  async copyDue(_data: object, stopping: AbortSignal): Promise<void> {
    const modules = this.modules
      .listByProvider('telephony')
      .filter((module) => this.providers.has({ module }, 'findRecord'))
      .map(({ code }) => code);
    // A run may take longer than the interval, and the queue has other work.
    if (modules.length === 0 || this.running) return;
    this.running = true;
    const copyAll = async (): Promise<void> => {
      for (let due = await this.claim(modules); due; due = stopping.aborted ? undefined : await this.claim(modules))
        await this.copy(due, stopping);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, copyAll)).finally(() => (this.running = false));
  }

  /** Claims a due recording of a live connection. It is due again after its pause. */
  private async claim(modules: readonly string[]): Promise<DueRecord | undefined> {
    const rows = await this.database.query<DueRecord>(
      `UPDATE telephony_call SET record_tries = record_tries + 1,
         record_due_at = now() + make_interval(secs => ($2::float8[])[least(record_tries + 1, $3)])
       WHERE id = (
         SELECT k.id FROM telephony_call k JOIN live_connection c ON c.id = k.connection_id
         WHERE k.record_due_at <= now() AND c.module_code = ANY ($1::text[]) ORDER BY k.record_due_at LIMIT 1 FOR UPDATE OF k SKIP LOCKED)
       RETURNING id, connection_id AS "connectionId", record_tries AS tries, record, file_id AS "fileId", phone, started_at AS "startedAt"`,
      [modules, PAUSES_S, MOST_TRIES],
    );
    return rows[0];
  }

  private async copy(due: DueRecord, stopping: AbortSignal): Promise<void> {
    const connection = await this.connections.findById(due.connectionId, 'telephony');
    if (!connection) return;
    const { code } = connection.module.manifest;
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(COPY_MS)]);
    try {
      if (await this.bring(connection, due, signal)) await this.finish(due);
      this.outages.recordSuccess(code, connection.id);
    } catch (error) {
      if (stopping.aborted) return;
      this.outages.recordFailure(code, connection.id, error);
      if (isOfAll(error)) await this.postponeOthers(due);
      if (due.tries >= MOST_TRIES) {
        this.logger.warn(`a recording of connection ${connection.id} is not copied to the CRM: ${errorText(error)}`);
        await this.finish(due);
      }
    }
  }

  /** Copies a recording. Returns whether it is done. */
  private async bring(connection: Connection, due: DueRecord, signal: AbortSignal): Promise<boolean> {
    const { keepsRecords } = this.providers.getManifest(connection);
    if (due.record === null || due.tries > MOST_TRIES || !keepsRecords?.(connection.settings)) return true;
    const fileId = due.fileId ?? (await this.upload(connection, due, due.record, signal));
    return this.attach(connection, due, fileId, signal);
  }

  private async upload(connection: Connection, due: DueRecord, record: string, signal: AbortSignal): Promise<string> {
    const file = await this.links.find(connection, record);
    if (!file || file.size === 0) throw new ProviderError('rejected', 'The PBX does not have the recording.');
    const crm = await this.crmClients.crmFor(connection.id, 'background', toErrand(due));
    const body = await file.open();
    try {
      const { file: made } = await crm.exact.files.upload({ file: body }, { signal, totalTimeout: COPY_MS });
      if (!made?.id) throw new Error('the CRM returned no file');
      const fileId = String(made.id);
      await this.database.query('UPDATE telephony_call SET file_id = $2 WHERE id = $1', [due.id, fileId]);
      return fileId;
    } finally {
      body.destroy();
    }
  }

  /** Names the file and attaches it to the customer. Returns false if the customer is not in the CRM yet. */
  private async attach(connection: Connection, due: DueRecord, fileId: string, signal: AbortSignal): Promise<boolean> {
    const { phone } = due;
    const crm = (await this.crmClients.crmFor(connection.id, 'background', toErrand(due))).exact;
    try {
      const asked = phone === null ? undefined : await crm.telephony.manager({ phone, details: 1, ignoreStatus: 1 }, { signal });
      const customer = asked && toCaller(asked)?.customer?.id;
      if (phone !== null && customer === undefined && due.tries < MOST_TRIES) return false;
      // Links that are missing from the request are dropped, and a manager may have made some.
      const { file } = await crm.files.get(fileId, { signal });
      const links = (file?.attachment ?? []).map(({ customer: one, order }) => ({
        ...(one?.id && { customer: { id: Number(one.id) } }),
        ...(order?.id && { order: { id: Number(order.id) } }),
      }));
      const isLinked = customer === undefined || links.some((link) => link.customer?.id === customer);
      const attachment = isLinked ? links : [...links, { customer: { id: customer } }];
      await crm.files.edit(fileId, { file: { filename: nameFile(connection, due), attachment } }, { signal });
      return true;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      // A user deleted the file in the CRM, so it is not uploaded again.
      await this.database.query('UPDATE telephony_call SET file_id = NULL WHERE id = $1', [due.id]);
      return true;
    }
  }

  /** Ends the copy, unless another process has taken over in the meantime. */
  private async finish({ id, tries }: DueRecord): Promise<void> {
    await this.database.query('UPDATE telephony_call SET record_due_at = NULL WHERE id = $1 AND record_tries = $2', [id, tries]);
  }

  /** Postpones the connection's other recordings, whose tries would fail, too. */
  private async postponeOthers({ connectionId }: DueRecord): Promise<void> {
    await this.database.query(
      `UPDATE telephony_call SET record_due_at = now() + make_interval(secs => $2) WHERE connection_id = $1 AND record_due_at <= now()`,
      [connectionId, AWAY_S],
    );
  }
}

/** Whether a failure affects the whole PBX or CRM, not only one recording. */
function isOfAll(error: unknown): boolean {
  if (error instanceof CrmError) return !['validation', 'not_found', 'reply', 'usage'].includes(error.kind);
  if (!(error instanceof ProviderError)) return false;
  return error.kind === 'auth' || error.kind === 'rate_limited' || (error.kind === 'unavailable' && error.retryAfterMs === undefined);
}

function nameFile({ account }: Connection, { startedAt, phone, record }: DueRecord): string {
  const time = DateTime.fromJSDate(startedAt, { zone: account.timeZone }).toFormat('yyyy-MM-dd HH-mm-ss');
  return `${[time, phone].filter(Boolean).join(' ')}${/\.(wav|mp3)$/i.exec(record ?? '')?.[0] ?? ''}`;
}

function toErrand({ id }: DueRecord): CrmErrand {
  return { subjects: [toSubject('call', id)] };
}
