import { Injectable } from '@nestjs/common';
import {
  BadInputError,
  CallbackError,
  Clock,
  Database,
  type LocalText,
  maskSecrets,
  mergeSecrets,
  parserOf,
  SecretBox,
  settingsFormOf,
} from '#platform';
import { type Connection, ConnectionsService } from './connections.service.js';
import { noticesOf } from './connection-notices.js';
import { CredentialsWatch } from './credentials-watch.js';
import { RegistrationScheduler } from './registration-scheduler.js';

const SESSION_LIFE_MS = 60 * 60_000;
const SESSION_PURPOSE = 'account page session';

/** The account page's and the operator's way to a connection's settings. */
@Injectable()
export class AccountService {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly scheduler: RegistrationScheduler,
    private readonly credentials: CredentialsWatch,
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** A bearer token for the account page of this connection, valid for an hour. */
  openSession(connection: Connection): string {
    return this.box.sign(JSON.stringify({ id: connection.id, until: this.clock.now().getTime() + SESSION_LIFE_MS }), SESSION_PURPOSE);
  }

  /** The connection of a session token in this module; undefined when it is forged, too old or of another module. */
  async sessionOf(moduleCode: string, token: string): Promise<Connection | undefined> {
    const payload = this.box.verify(token, SESSION_PURPOSE);
    if (payload === undefined) return undefined;
    const { id, until } = JSON.parse(payload) as { id: string; until: number };
    if (until < this.clock.now().getTime()) return undefined;
    const connection = await this.connections.byId(id);
    return connection?.module.code === moduleCode ? connection : undefined;
  }

  /** What the account's users can mend, in the words of the page: nothing when all is well. */
  async noticesOf(connection: Connection): Promise<LocalText[]> {
    const row = await this.connections.rowById(connection.id);
    return row ? noticesOf(row) : [];
  }

  /** The settings' form and values; of secrets only whether they are set. */
  settings(connection: Connection): { schema: ReturnType<typeof settingsFormOf>; values: unknown } {
    const type = connection.module.manifest.settings;
    return { schema: settingsFormOf(type), values: maskSecrets(type, connection.settings) };
  }

  /**
   * Stores new settings and schedules a registration in the same transaction. Secrets left out stay as they are.
   * Throws BadInputError naming fields.
   */
  async saveSettings(connection: Connection, incoming: unknown): Promise<Connection> {
    const { manifest } = connection.module;
    const settings = parserOf(manifest.settings).parse(mergeSecrets(manifest.settings, connection.settings, incoming));
    const problems = manifest.checkSettings?.(settings, connection.account.language) ?? {};
    if (Object.keys(problems).length > 0) throw new BadInputError(problems);
    await this.database.transaction(async (manager) => {
      await this.connections.keepSettings(connection.id, settings, manager);
      await this.credentials.renewed(connection.id, manager);
      await this.scheduler.schedule(connection.id, manager);
    });
    this.scheduler.wake(connection.id);
    const saved = await this.connections.byId(connection.id);
    if (!saved) throw new CallbackError(404, 'The connection is gone.');
    return saved;
  }
}
