import Fastify, { type FastifyInstance } from 'fastify';
import { PbxControl } from './pbx-control.js';
import { registerPbxRoutes } from './pbx-routes.js';

/** How a fake PBX is started. */
export interface FakePbxOptions {
  /** A free one when left out. */
  port?: number;
  /** `fake-pbx-key` when left out. */
  key?: string;
  /** `fake-pbx-secret` when left out. */
  secret?: string;
  /** IANA zone of its account; `Asia/Yekaterinburg` when left out. */
  zone?: string;
  /** Where its webhooks go; nowhere when left out. */
  webhookUrl?: string | undefined;
}

/**
 * A cloud PBX over HTTP, in memory (README.md): it posts a notice for each step of a call and is asked to
 * place calls. Tests play its customers and managers.
 */
export class FakePbx extends PbxControl {
  private readonly app: FastifyInstance = Fastify({ forceCloseConnections: true });
  private address = '';

  private constructor(options: FakePbxOptions) {
    super(options.key ?? 'fake-pbx-key', options.secret ?? 'fake-pbx-secret', options.zone ?? 'Asia/Yekaterinburg');
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    registerPbxRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: FakePbxOptions = {}): Promise<FakePbx> {
    const pbx = new FakePbx(options);
    pbx.webhooks.url = options.webhookUrl;
    pbx.address = await pbx.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return pbx;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    return `address ${this.url}, key ${this.key}, secret ${this.secret}, time zone ${this.zone}`;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
