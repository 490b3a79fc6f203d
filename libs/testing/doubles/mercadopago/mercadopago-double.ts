import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import { type MercadoPagoAccountOptions, MercadoPagoControl } from './mercadopago-control.js';
import { registerCheckoutPage } from './mercadopago-page.js';
import { registerMercadoPagoRoutes } from './mercadopago-routes.js';

/** How a MercadoPago double is started: the first account, and where it listens. */
export interface MercadoPagoDoubleOptions extends Partial<MercadoPagoAccountOptions> {
  /** A free one when left out. */
  port?: number;
}

/**
 * A local MercadoPago with the orders that Checkout Pro needs (README.md). Tests play buyers, banks, time and
 * the seller's panel by its methods, by `book` or under `/control`.
 */
export class MercadoPagoDouble extends MercadoPagoControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  private readonly at: { address: string };

  private constructor(options: MercadoPagoDoubleOptions) {
    const at = { address: '' };
    const { token = 'APP_USR-double', site = 'MLM', webhookSecret = 'mercadopago-double-secret', webhookUrl, isTest = false } = options;
    super(() => at.address, { token, site, webhookSecret, webhookUrl, isTest });
    this.at = at;
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: MercadoPagoDoubleOptions = {}): Promise<MercadoPagoDouble> {
    const double = new MercadoPagoDouble(options);
    registerControlRoutes(double.app, double);
    registerCheckoutPage(double.app, double);
    // Apart, since its bodies are read in another way than the control's.
    await double.app.register((api, _options, done) => {
      api.removeAllContentTypeParsers();
      api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, parsed) => parsed(null, body));
      registerMercadoPagoRoutes(api, double);
      done();
    });
    double.at.address = await double.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return double;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.at.address;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
