import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import { WarehouseControl } from './warehouse-control.js';
import { registerWarehouseRoutes } from './warehouse-routes.js';

/** How a fake warehouse is started. */
export interface FakeWarehouseOptions {
  /** A free one when left out. */
  port?: number;
  /** What calls and webhooks are signed with; `fake-warehouse-secret` when left out. */
  secret?: string;
  /** Where its webhooks go; nowhere when left out. */
  webhookUrl?: string | undefined;
}

/**
 * An in-memory warehouse of its own design (README.md), stricter than its clients need. Tests control it by
 * its methods, or under `/control`.
 */
export class FakeWarehouse extends WarehouseControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  private address = '';

  private constructor({ secret, webhookUrl }: FakeWarehouseOptions) {
    super(secret ?? 'fake-warehouse-secret');
    this.webhooks.url = webhookUrl;
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: FakeWarehouseOptions = {}): Promise<FakeWarehouse> {
    const warehouse = new FakeWarehouse(options);
    registerControlRoutes(warehouse.app, warehouse);
    // Apart, since its bodies are read in another way than the control's.
    await warehouse.app.register((api, _options, done) => {
      registerWarehouseRoutes(api, warehouse);
      done();
    });
    warehouse.address = await warehouse.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return warehouse;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    return `address ${this.url}, secret ${this.secret}`;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
