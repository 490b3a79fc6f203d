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
/** Milliseconds until the CRM is called again for a file that it could not open. */
const LATER_MS = 60_000;

/** A recording that is ready to play. */
export interface OpenedRecord extends RecordFile {
  /** Frees its resources. Required if it is not opened. */
  discard?(): void;
}

/** Signed addresses of recordings, valid for the number of days in the settings. */
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
   * Builds a recording's address, with the file's extension. Returns undefined if it is missing or unreadable
   * now. If the PBX's recordings are ready late, the address is built without a check.
   */
  async buildUrl(connection: Connection, call: CallEntity): Promise<string | undefined> {
    const days = this.providers.getManifest(connection).readRecordDays(connection.settings);
    if (!call.record || !this.providers.has(connection, 'findRecord') || days === undefined) return undefined;
    const isTaken = call.fileId !== null || this.providers.getManifest(connection).recordsLate;
    const found = isTaken ? undefined : await this.findReadable(connection, call.record);
    if (!isTaken && !found) return undefined;
    const [name] = found?.type === 'audio/wav' ? listFileNames(call).toReversed() : listFileNames(call);
    return this.sign(connection, call, days, name);
  }

  /** Builds a recording's address without a check, which may call the PBX. Undefined if links are off. */
  signUrl(connection: Connection, call: CallEntity): string | undefined {
    const days = this.providers.getManifest(connection).readRecordDays(connection.settings);
    if (!call.record || !this.providers.has(connection, 'findRecord') || days === undefined) return undefined;
    return this.sign(connection, call, days, listFileNames(call)[0]);
  }

  private sign(connection: Connection, call: CallEntity, days: number, name = 'record.mp3'): string {
    const until = this.clock.now().getTime() + days * DAY_MS;
    const token = this.box.sign(JSON.stringify({ call: call.id, until }), PURPOSE);
    return `${this.environment.publicUrl}/${connection.module.code}${RECORDS_PATH}/${token}/${name}`;
  }

  /** A broken link is worse than none, and the CRM accepts no better link later. */
  private async findReadable(connection: Connection, record: string): Promise<RecordFile | undefined> {
    try {
      const file = await this.find(connection, record);
      return file?.size === 0 ? undefined : file;
    } catch (error) {
      this.logger.warn(
        `a recording of connection ${connection.id} cannot be found, so its call is reported without it: ${errorText(error)}`,
      );
      return undefined;
    }
  }

  /**
   * Opens the recording at an address: the CRM's copy, otherwise the PBX's own. Throws CallbackError 403 if
   * the address is forged, expired or inactive, 404 if the recording no longer exists. Throws ProviderError
   * `unavailable` with `retryAfterMs` if it is not ready.
   */
  async open(moduleCode: string, token: string, name: string): Promise<OpenedRecord> {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) throw new CallbackError(403, 'This recording address is invalid.');
    const { call: id, until } = JSON.parse(payload) as { call: string; until: number };
    if (until < this.clock.now().getTime()) throw new CallbackError(403, 'This recording address has expired.');
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
    // Recordings may be on another server. If it fails, calls must continue, and the other way round.
    const options = { lasting: true };
    return this.providers.call(connection, 'findRecord', (provider, context) => provider.findRecord(record, context), options);
  }

  /**
   * Opens the CRM's copy. Returns undefined if the CRM no longer has it, or an error if it may be available
   * later.
   */
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
      this.logger.warn(`the CRM cannot open a recording of connection ${connection.id}: ${errorText(error)}`);
      return new ProviderError('unavailable', 'The CRM cannot open the recording right now. Try again in a minute.', {
        retryAfterMs: LATER_MS,
      });
    }
  }
}

/**
 * File names that a recording's address may end with. The CRM accepts these, even if recordings are
 * identified by ids.
 */
function listFileNames({ record }: CallEntity): string[] {
  const extension = /\.(wav|mp3)$/i.exec(record ?? '')?.[1]?.toLowerCase();
  return extension ? [`record.${extension}`] : ['record.mp3', 'record.wav'];
}

function gone(): CallbackError {
  return new CallbackError(404, 'The recording no longer exists.');
}
