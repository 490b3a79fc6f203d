import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import { StripeControl } from './stripe-control.js';
import { registerHostedPage } from './stripe-page.js';
import { registerStripeRoutes } from './stripe-routes.js';

/** How a Stripe double is started. */
export interface StripeDoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** `sk_test_double` when left out. */
  key?: string;
  /** `whsec_double_secret` when left out. */
  webhookSecret?: string;
}

/**
 * A local Stripe with the API that Checkout payments need, for the official SDK (README.md). Tests play
 * buyers, banks, time and dashboard by its methods, by `book` or under `/control`.
 */
export class StripeDouble extends StripeControl {
  private readonly app: FastifyInstance = Fastify({ forceCloseConnections: true });
  private readonly at: { address: string };

  private constructor(options: StripeDoubleOptions) {
    const at = { address: '' };
    super(() => at.address, options.key ?? 'sk_test_double', options.webhookSecret ?? 'whsec_double_secret');
    this.at = at;
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    registerStripeRoutes(this.app, this);
    registerHostedPage(this.app, this);
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: StripeDoubleOptions = {}): Promise<StripeDouble> {
    const double = new StripeDouble(options);
    double.at.address = await double.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return double;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.at.address;
  }

  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
