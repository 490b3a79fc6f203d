import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import { GatewayControl } from './gateway-control.js';
import { GatewayRefusal } from './gateway-faults.js';
import { registerGatewayRoutes } from './gateway-routes.js';

/** How a double of the message gateway is started. */
export interface MessageGatewayOptions {
  /** A free one when left out. */
  port?: number;
  /** Token of the first transport; a fixed one when left out. */
  token?: string;
  /** Where the first transport's webhooks go; nowhere when left out. */
  webhookUrl?: string;
  /** The client that the first transport's webhooks name in a header; none when left out. */
  clientId?: string;
}

/**
 * The CRM's message gateway (Transport API v1) in memory, stricter than its clients; what is not known of the
 * real one is a mode. Tests play managers by its methods, or under `/control` (README.md).
 */
export class MessageGateway extends GatewayControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    bodyLimit: 32 * 1024 * 1024,
    ajv: { customOptions: { allErrors: true, removeAdditional: false, coerceTypes: false } },
  });
  private readonly at: { address: string };

  private constructor(options: MessageGatewayOptions) {
    const at = { address: '' };
    super(() => at.address, options.token ?? 'cb8c0f7d5a1e4b62930d8e17a4f6c2905b3d7e81');
    this.at = at;
    const { webhookUrl, clientId } = options;
    this.register({ code: 'first', ...(webhookUrl && { webhookUrl }), ...(clientId && { clientId }) });
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: MessageGatewayOptions = {}): Promise<MessageGateway> {
    const gateway = new MessageGateway(options);
    const { app } = gateway;
    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
      reply.code(error.statusCode ?? 500).send({ errors: error instanceof GatewayRefusal ? error.errors : [error.message] }),
    );
    app.setNotFoundHandler((request, reply) => {
      gateway.complain(`${request.method} ${request.url} is no call of the API`);
      return reply.code(404).send({ errors: ['Not found'] });
    });
    registerControlRoutes(app, gateway);
    // Apart, since its bodies are read in another way than the control's.
    await app.register((api, _options, done) => {
      registerGatewayRoutes(api, gateway);
      done();
    });
    gateway.at.address = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return gateway;
  }

  /** Its address, without a slash at the end: the `endpointUrl` that the CRM tells a module. */
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
