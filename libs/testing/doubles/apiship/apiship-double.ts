import Fastify, { type FastifyInstance } from 'fastify';
import { ApiShipControl, type ApiShipCredentials } from './apiship-control.js';
import { registerApiShipRoutes } from './apiship-routes.js';
import { registerControlRoutes } from './control-routes.js';

/** How a double of ApiShip is started; its first account is that of the public test contour. */
export interface ApiShipDoubleOptions extends Partial<ApiShipCredentials> {
  /** A free one when left out. */
  port?: number;
}

/**
 * ApiShip's API in memory, with five carriers behind it (README.md). Tests play carriers and faults by its
 * methods or under `/control`.
 */
export class ApiShipDouble extends ApiShipControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    bodyLimit: 8 * 1024 * 1024,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: true, allowUnionTypes: true } },
  });
  private address = '';

  /** Starts one on this machine. Throws when the port is taken. */
  static async start({ port = 0, ...credentials }: ApiShipDoubleOptions = {}): Promise<ApiShipDouble> {
    const double = new ApiShipDouble({ login: 'test', password: 'test', token: 'apiship-double-token', ...credentials });
    registerApiShipRoutes(double.app, double, () => double.address);
    registerControlRoutes(double.app, double);
    double.address = await double.app.listen({ host: '127.0.0.1', port });
    return double;
  }

  /** Its address, without a slash at the end; the API is below `/v1`. */
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
