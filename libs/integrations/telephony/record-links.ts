import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, ProviderContexts, isUuid, refuseUnlessActive } from '#connections';
import { CallbackError, Clock, Database, Environment, SecretBox } from '#platform';
import type { RecordFile, TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';

const PURPOSE = 'telephony record';
const DAY_MS = 86_400_000;

/** Addresses of recordings: signed, so that nobody makes one up, and good for so many days as the settings say. */
@Injectable()
export class RecordLinks {
  private readonly logger = new Logger(RecordLinks.name);

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly connections: ConnectionStore,
    private readonly contexts: ProviderContexts,
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** The address of a call's recording, which ends in the file's kind, as the CRM wants it; undefined when there is none or the provider cannot give it now. */
  async urlOf(connection: Connection, call: CallEntity): Promise<string | undefined> {
    const provider = this.providers.of(connection);
    const name = nameOf(call);
    const days = provider.manifest.readRecordDays(connection.settings);
    if (!call.record || !name || !provider.findRecord || days === undefined) return undefined;
    if (!(await this.canBeGiven(connection, call.record))) return undefined;
    const until = this.clock.now().getTime() + days * DAY_MS;
    const token = this.box.sign(JSON.stringify({ call: call.id, until }), PURPOSE);
    return `${this.environment.publicUrl}/${connection.module.code}/telephony/records/${token}/${name}`;
  }

  /** A link that leads nowhere is worse than none, and the CRM takes no better one later. */
  private async canBeGiven(connection: Connection, record: string): Promise<boolean> {
    try {
      const file = await this.providers.of(connection).findRecord?.(record, this.contexts.contextFor(connection));
      return file !== undefined && file.size > 0;
    } catch (error) {
      this.logger.warn(
        `a recording of connection ${connection.id} cannot be looked for, so its call is told without it: ${error instanceof Error ? error.message : String(error)}`,
      );
      return false;
    }
  }

  /** The recording behind an address. Throws CallbackError 403 for one that is forged or too old, or whose connection is not active, 404 when the file is gone. */
  async open(moduleCode: string, token: string, name: string): Promise<RecordFile> {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) throw new CallbackError(403, 'This address of a recording was not made here.');
    const { call: id, until } = JSON.parse(payload) as { call: string; until: number };
    if (until < this.clock.now().getTime()) throw new CallbackError(403, 'This address of a recording is too old.');
    const call = isUuid(id) ? await this.database.dataSource.getRepository(CallEntity).findOneBy({ id }) : null;
    const connection = call && (await this.connections.findById(call.connectionId));
    if (!call || connection?.module.code !== moduleCode || name !== nameOf(call)) throw gone();
    refuseUnlessActive(connection);
    const file = call.record
      ? await this.providers.of(connection).findRecord?.(call.record, this.contexts.contextFor(connection))
      : undefined;
    if (!file) throw gone();
    return file;
  }
}

/** The end of a recording's address; undefined when the call has none that the CRM takes. */
function nameOf({ record }: CallEntity): string | undefined {
  const extension = /\.(wav|mp3)$/i.exec(record ?? '')?.[1]?.toLowerCase();
  return extension && `record.${extension}`;
}

function gone(): CallbackError {
  return new CallbackError(404, 'The recording is not there any more.');
}
