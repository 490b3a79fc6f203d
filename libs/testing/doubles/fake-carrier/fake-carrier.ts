import Fastify, { type FastifyInstance } from 'fastify';
import { CarrierControl } from './carrier-control.js';
import { registerCarrierRoutes } from './carrier-routes.js';
import { registerControlRoutes } from './control-routes.js';

/** How a fake carrier is started. */
export interface FakeCarrierOptions {
  /** A free one when left out. */
  port?: number;
  /** `fake-api-key` when left out. */
  apiKey?: string;
  /** `fake-webhook-secret` when left out. */
  webhookSecret?: string;
}

/**
 * An in-memory carrier of its own design (README.md): slow or asynchronous, it loses replies, acts late and
 * repeats webhooks. Tests control it by its methods, or under `/control`.
 */
export class FakeCarrier extends CarrierControl {
  private readonly app: FastifyInstance = Fastify({ forceCloseConnections: true });
  private address = '';

  private constructor(options: FakeCarrierOptions) {
    super(options.apiKey ?? 'fake-api-key', options.webhookSecret ?? 'fake-webhook-secret');
    registerCarrierRoutes(this.app, this);
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: FakeCarrierOptions = {}): Promise<FakeCarrier> {
    const carrier = new FakeCarrier(options);
    carrier.address = await carrier.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return carrier;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    return `address ${this.url}, API key ${this.apiKey}, webhook secret ${this.webhookSecret}`;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
