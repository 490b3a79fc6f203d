import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import type { ZadarmaAccountSettings } from './zadarma-account.js';
import { ZadarmaControl } from './zadarma-control.js';
import { playCall, type ZadarmaPlay } from './zadarma-plays.js';
import { registerZadarmaRoutes } from './zadarma-routes.js';
import { silence } from './zadarma-sound.js';

/** How a Zadarma double is started; what its first account is, where it differs from the usual. */
export interface ZadarmaDoubleOptions extends Partial<ZadarmaAccountSettings> {
  /** A free one when left out. */
  port?: number;
}

const USUAL: ZadarmaAccountSettings = {
  ...{ key: 'zadarma-double-key', secret: 'zadarma-double-secret', zone: 'Europe/Moscow', pbxId: '499499' },
  ...{ extensions: ['100', '101', '102', '103'], numbers: ['74950000000', '442037691880'], balance: 10.5, currency: 'USD' },
};

/**
 * A local Zadarma: the API of its cloud PBX, and notices of calls that tests or its user play (README.md).
 */
export class ZadarmaDouble extends ZadarmaControl {
  private readonly app: FastifyInstance = Fastify({
    ...{ forceCloseConnections: true, exposeHeadRoutes: false },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true } },
  });
  private address = '';

  private constructor(account: ZadarmaAccountSettings) {
    super(account);
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    registerZadarmaRoutes(this.app, this);
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start({ port = 0, ...account }: ZadarmaDoubleOptions = {}): Promise<ZadarmaDouble> {
    const double = new ZadarmaDouble({ ...USUAL, ...account });
    double.address = await double.app.listen({ host: '127.0.0.1', port });
    return double;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    const { key, secret } = this.account.settings;
    return `key ${key}, secret ${secret}`;
  }

  /** Its people call and answer by themselves; `everyMs` 0: they only answer. Returns what ends it. */
  playDemo(everyMs: number): () => void {
    this.modes.clicks = 'answered';
    const plays: readonly ZadarmaPlay[] = ['answered', 'answered', 'missed', 'transfer', 'outgoing', 'menu'];
    let turn = 0;
    const end = new AbortController();
    const call = (): void => {
      const phone = `7916${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
      const cast = { phone, codes: ['101', '102'], paceMs: 2_000, recording: silence(3), signal: end.signal };
      void playCall(this.account, plays[turn++ % plays.length] ?? 'answered', cast).catch(() => undefined);
    };
    const timer = everyMs > 0 ? setInterval(call, everyMs) : undefined;
    return () => {
      clearInterval(timer);
      end.abort();
    };
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
