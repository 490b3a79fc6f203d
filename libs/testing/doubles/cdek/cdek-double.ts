import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { CdekControl } from './cdek-control.js';
import { registerCdekRoutes } from './cdek-routes.js';
import { registerControlRoutes } from './control-routes.js';

/** How a double of CDEK is started. */
export interface CdekDoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** The account of CDEK's public test contour when left out. */
  clientId?: string;
  clientSecret?: string;
}

/**
 * CDEK's API v2 in memory, asynchronous and as awkward as allowed; requests are checked against CDEK's public
 * pages. Tests control it by its methods, or under `/control` (README.md).
 */
export class CdekDouble extends CdekControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    bodyLimit: 8 * 1024 * 1024,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  private address = '';

  private constructor(options: CdekDoubleOptions) {
    super(options.clientId ?? 'wqGwiQx0gg8mLtiEKsUinjVSICCjtTEP', options.clientSecret ?? 'RmAmgvSgSl1yirlz9QupbzOJVqhCxcP5');
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: CdekDoubleOptions = {}): Promise<CdekDouble> {
    const cdek = new CdekDouble(options);
    await cdek.app.register(formbody);
    registerCdekRoutes(cdek.app, cdek);
    registerControlRoutes(cdek.app, cdek);
    cdek.address = await cdek.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return cdek;
  }

  /** Its address, without a slash at the end; the API is below `/v2`. */
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
