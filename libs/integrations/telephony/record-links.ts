import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, isUuid, refuseUnlessActive } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { CallbackError, Clock, Database, Environment, errorText, SecretBox } from '#platform';
import type { RecordFile, TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';
import { RECORDS_PATH } from './telephony.paths.js';

const PURPOSE = 'telephony record';
const DAY_MS = 86_400_000;

/** Signed addresses of recordings, valid for the days that the settings set. */
@Injectable()
export class RecordLinks {
  private readonly logger = new Logger(RecordLinks.name);

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly connections: ConnectionStore,
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /**
   * Builds a recording's address, with the file's extension; undefined if it is missing or unreadable now.
   */
  async buildUrl(connection: Connection, call: CallEntity): Promise<string | undefined> {
    const name = getFileName(call);
    const days = this.providers.getManifest(connection).readRecordDays(connection.settings);
    if (!call.record || !name || !this.providers.has(connection, 'findRecord') || days === undefined) return undefined;
    if (!(await this.canBeRead(connection, call.record))) return undefined;
    const until = this.clock.now().getTime() + days * DAY_MS;
    const token = this.box.sign(JSON.stringify({ call: call.id, until }), PURPOSE);
    return `${this.environment.publicUrl}/${connection.module.code}${RECORDS_PATH}/${token}/${name}`;
  }

  /** A link that leads nowhere is worse than none, and the CRM takes no better one later. */
  private async canBeRead(connection: Connection, record: string): Promise<boolean> {
    try {
      const file = await this.find(connection, record);
      return file !== undefined && file.size > 0;
    } catch (error) {
      this.logger.warn(
        `a recording of connection ${connection.id} cannot be looked for, so its call is told without it: ${errorText(error)}`,
      );
      return false;
    }
  }

  /**
   * Opens the recording at an address. Throws CallbackError 403 when forged, expired or inactive, 404 when
   * gone.
   */
  async open(moduleCode: string, token: string, name: string): Promise<RecordFile> {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) throw new CallbackError(403, 'This address of a recording was not made here.');
    const { call: id, until } = JSON.parse(payload) as { call: string; until: number };
    if (until < this.clock.now().getTime()) throw new CallbackError(403, 'This address of a recording is too old.');
    const call = isUuid(id) ? await this.database.dataSource.getRepository(CallEntity).findOneBy({ id }) : null;
    const connection = call && (await this.connections.findById(call.connectionId));
    if (!call || connection?.module.code !== moduleCode || name !== getFileName(call)) throw gone();
    refuseUnlessActive(connection);
    const file = call.record && this.providers.has(connection, 'findRecord') ? await this.find(connection, call.record) : undefined;
    if (!file) throw gone();
    return file;
  }

  private find(connection: Connection, record: string): Promise<RecordFile | undefined> {
    // Recordings may lie on a server of their own: when it fails, calls must go on, and the other way round.
    const options = { lasting: true };
    return this.providers.call(connection, 'findRecord', (provider, context) => provider.findRecord(record, context), options);
  }
}

/** Returns the end of a recording's address; undefined when the call has none that the CRM accepts. */
function getFileName({ record }: CallEntity): string | undefined {
  const extension = /\.(wav|mp3)$/i.exec(record ?? '')?.[1]?.toLowerCase();
  return extension && `record.${extension}`;
}

function gone(): CallbackError {
  return new CallbackError(404, 'The recording is not there any more.');
}
