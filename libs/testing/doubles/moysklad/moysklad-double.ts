import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import { MoySkladControl } from './moysklad-control.js';
import { registerMoySkladRoutes } from './moysklad-routes.js';

/** How a MoySklad double is started. */
export interface MoySkladDoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** Of the first account's administrator; `moysklad-double-token` when left out. */
  token?: string;
}

/**
 * A local MoySklad: the part of its JSON API 1.2 that stocks and reservations need (README.md). Tests play
 * people, other programs and time by its methods, by `book` or under `/control`.
 */
export class MoySkladDouble extends MoySkladControl {
  private readonly app: FastifyInstance = Fastify({
    ...{ forceCloseConnections: true, bodyLimit: 20 * 1_048_576 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  });
  private readonly at: { address: string };

  private constructor(token: string) {
    const at = { address: '' };
    super(() => at.address, token);
    this.at = at;
    registerMoySkladRoutes(this.app, this);
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start({ port = 0, token = 'moysklad-double-token' }: MoySkladDoubleOptions = {}): Promise<MoySkladDouble> {
    const double = new MoySkladDouble(token);
    double.at.address = await double.app.listen({ host: '127.0.0.1', port });
    return double;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.at.address;
  }

  /** What is entered on the account page to use it, as lines for people. */
  get settingsText(): string {
    const { entries } = this.book;
    const tell = (type: 'store' | 'organization' | 'counterparty'): string =>
      [...entries[type].values()].map(({ id, name }) => `${name} ${id}`).join(', ');
    return [
      `token ${this.user.token}`,
      `warehouses: ${tell('store')}`,
      `organization: ${tell('organization')}`,
      `counterparty: ${tell('counterparty')}`,
    ].join('\n  ');
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
