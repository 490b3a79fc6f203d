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
 * A carrier that is not ours, for tests and trials: an HTTP service of its own small design (README.md), in
 * memory, which can be slow, work asynchronously, lose its replies after it has acted, act late, and post
 * signed webhooks twice and out of order. The methods are the test's control; the same is under `/control`
 * for one started by hand.
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

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
