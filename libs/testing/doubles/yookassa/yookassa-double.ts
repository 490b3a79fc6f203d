import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import type { YooKassaShopSettings } from './yookassa-book.js';
import { YooKassaControl } from './yookassa-control.js';
import { registerYooKassaPage } from './yookassa-page.js';
import { registerYooKassaRoutes } from './yookassa-routes.js';

/** How a YooKassa double is started; its first shop is a test shop without receipts, of roubles. */
export interface YooKassaDoubleOptions extends Partial<YooKassaShopSettings> {
  /** A free one when left out. */
  port?: number;
}

/**
 * A local YooKassa with the API that payments by redirect need (README.md). Tests play buyers, banks,
 * registers, time and dashboard by its methods, by `book` or under `/control`.
 */
export class YooKassaDouble extends YooKassaControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  });
  private readonly at: { address: string };

  private constructor(shop: YooKassaShopSettings) {
    const at = { address: '' };
    super(() => at.address, shop);
    this.at = at;
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    registerYooKassaRoutes(this.app, this);
    registerYooKassaPage(this.app, this);
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start({ port = 0, ...shop }: YooKassaDoubleOptions = {}): Promise<YooKassaDouble> {
    const double = new YooKassaDouble({ shopId: '100500', secretKey: 'test_double_key', currency: 'RUB', receipts: 'none', ...shop });
    double.at.address = await double.app.listen({ host: '127.0.0.1', port });
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
