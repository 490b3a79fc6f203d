import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, CrmClients, isUuid, refuseUnlessActive } from '#connections';
import { CrmError, NotFoundError } from '#crm-client';
import { InjectProviders, type Providers } from '#integration-kit';
import { CallbackError, Clock, Database, Environment, errorText, SecretBox } from '#platform';
import { cutStream, ProviderError } from '#provider-kit';
import type { RecordFile, TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';
import { RECORDS_PATH } from './telephony.paths.js';

const PURPOSE = 'telephony record';
const DAY_MS = 86_400_000;
/** When the CRM is asked again for what it does not open now. */
const LATER_MS = 60_000;

/** A recording that may be listened to. */
export interface OpenedRecord extends RecordFile {
  /** Frees what is held for it; needed when it is not opened. */
  discard?(): void;
}

/** Signed addresses of recordings, valid for the days that the settings set. */
@Injectable()
export class RecordLinks {
  private readonly logger = new Logger(RecordLinks.name);

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly connections: ConnectionStore,
    private readonly crmClients: CrmClients,
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Builds a recording's address, with the file's extension; undefined if it is missing or unreadable now. Of
   * a PBX whose recordings are ready late it is built without a look.
   */
  async buildUrl(connection: Connection, call: CallEntity): Promise<string | undefined> {
    const days = this.providers.getManifest(connection).readRecordDays(connection.settings);
    if (!call.record || !this.providers.has(connection, 'findRecord') || days === undefined) return undefined;
    const isTaken = call.fileId !== null || this.providers.getManifest(connection).recordsLate;
    const found = isTaken ? undefined : await this.findReadable(connection, call.record);
    if (!isTaken && !found) return undefined;
    const [name] = found?.type === 'audio/wav' ? listFileNames(call).toReversed() : listFileNames(call);
    const until = this.clock.now().getTime() + days * DAY_MS;
    const token = this.box.sign(JSON.stringify({ call: call.id, until }), PURPOSE);
    return `${this.environment.publicUrl}/${connection.module.code}${RECORDS_PATH}/${token}/${name}`;
  }

  /** A link that leads nowhere is worse than none, and the CRM takes no better one later. */
  private async findReadable(connection: Connection, record: string): Promise<RecordFile | undefined> {
    try {
      const file = await this.find(connection, record);
      return file?.size === 0 ? undefined : file;
    } catch (error) {
      this.logger.warn(
        `a recording of connection ${connection.id} cannot be looked for, so its call is told without it: ${errorText(error)}`,
      );
      return undefined;
    }
  }

  /**
   * Opens the recording at an address: the CRM's copy, else the PBX's own. Throws CallbackError 403 when
   * forged, expired or inactive, 404 when gone; ProviderError `unavailable` with `retryAfterMs` when not yet.
   */
  async open(moduleCode: string, token: string, name: string): Promise<OpenedRecord> {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) throw new CallbackError(403, 'This address of a recording was not made here.');
    const { call: id, until } = JSON.parse(payload) as { call: string; until: number };
    if (until < this.clock.now().getTime()) throw new CallbackError(403, 'This address of a recording is too old.');
    const call = isUuid(id) ? await this.database.dataSource.getRepository(CallEntity).findOneBy({ id }) : null;
    const connection = call && (await this.connections.findById(call.connectionId, 'telephony'));
    if (!call || connection?.module.code !== moduleCode || !listFileNames(call).includes(name)) throw gone();
    refuseUnlessActive(connection);
    const copy = call.fileId === null ? undefined : await this.openCopy(connection, call.fileId, name);
    if (copy && !(copy instanceof Error)) return copy;
    const file = call.record && this.providers.has(connection, 'findRecord') ? await this.find(connection, call.record) : undefined;
    if (file) return file;
    throw copy ?? gone();
  }

  /** Finds the PBX's own recording. Throws ProviderError. */
  find(connection: Connection, record: string): Promise<RecordFile | undefined> {
    // Recordings may lie on a server of their own: when it fails, calls must go on, and the other way round.
    const options = { lasting: true };
    return this.providers.call(connection, 'findRecord', (provider, context) => provider.findRecord(record, context), options);
  }

  /** Opens the CRM's copy; undefined if the CRM has it no more, an error when it may be there later. */
  private async openCopy(connection: Connection, fileId: string, name: string): Promise<OpenedRecord | ProviderError | undefined> {
    try {
      const crm = await this.crmClients.crmFor(connection.id, 'interactive', connection);
      const file = await crm.files.download(fileId);
      return {
        ...{ type: name.endsWith('.mp3') ? ('audio/mpeg' as const) : ('audio/wav' as const), name },
        ...(file.size !== undefined && { size: file.size }),
        open: (range) => Promise.resolve(range ? cutStream(file.stream, range) : file.stream),
        discard: () => file.discard(),
      };
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (error instanceof NotFoundError) return undefined;
      this.logger.warn(`the CRM does not open a recording of connection ${connection.id}: ${errorText(error)}`);
      return new ProviderError('unavailable', 'The CRM does not open the recording just now; try again in a minute.', {
        retryAfterMs: LATER_MS,
      });
    }
  }
}

/** Ends that a recording's address may have: the CRM takes these, also where recordings are named by ids. */
function listFileNames({ record }: CallEntity): string[] {
  const extension = /\.(wav|mp3)$/i.exec(record ?? '')?.[1]?.toLowerCase();
  return extension ? [`record.${extension}`] : ['record.mp3', 'record.wav'];
}

function gone(): CallbackError {
  return new CallbackError(404, 'The recording is not there any more.');
}
