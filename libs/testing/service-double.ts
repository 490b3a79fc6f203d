import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { hmacSha256Hex } from '#platform/plain';
import { DoubleControl } from './doubles/double-control.js';
import { playFault, type ServiceErrors } from './double/faults.js';
import { PlannedFaults } from './double/faults.js';
import { type WebhookFlush, type WebhookPost, WebhookSender } from './double/sender.js';

/** A request to a double. */
export interface ServiceRequest {
  /** What stands for `:name` in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The JSON; undefined without a body. */
  readonly body: unknown;
}

/** A call of a double's API. */
export interface ServiceRoute {
  /** How `fail` names it. */
  call: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As Fastify writes it: `/orders/:id`. */
  path: string;
  /** JSON schema of the body; another one answers 400. */
  body?: object;
  /** Does what the call is for; returns the reply's JSON. Throws ServiceRefusal. */
  act(request: ServiceRequest): object;
}

/** A refusal in the service's own words; nothing was done. */
export class ServiceRefusal extends Error {
  /** `fields`: what is wrong by the body's path, such as `lines[0]`. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

/** A webhook of a double. Names of headers are in lower case. */
export interface ServiceWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a double is started by hand. */
export interface DoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** Where it posts its webhooks; nowhere when left out. */
  webhookUrl?: string | undefined;
}

class ServiceWebhooks extends WebhookSender<ServiceWebhook, WebhookFlush, { status: number }> {
  url = '';

  add(webhook: ServiceWebhook): void {
    if (this.url !== '') this.take(webhook);
  }

  protected toPost({ headers, body }: ServiceWebhook): WebhookPost<{ status: number }> {
    return { url: this.url, headers: { 'content-type': 'application/json', ...headers }, body, attempt: {} };
  }
}

const WEBHOOK_URL = { type: 'object', required: ['url'], properties: { url: { type: 'string' } } };
const ERRORS: ServiceErrors<never> = {
  failed: { error: { code: 'internal', message: 'Something went wrong' } },
  tooMany: { error: { code: 'rate_limited', message: 'Too many requests' } },
  toRefusal: () => new Error('there are no other faults'),
};

/**
 * A small service over HTTP, in memory: a bearer token, calls with strict JSON, and faults for the next of
 * them (`libs/testing/README.md`). `POST /control/faults` plans them for one that was started by hand.
 */
export abstract class ServiceDouble extends DoubleControl<string, never> {
  protected readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  /** Names of the calls received, in order, failed ones included. */
  readonly calls: string[] = [];
  /** Every webhook so far, in order, whether it was posted or not. */
  readonly webhooks: ServiceWebhook[] = [];
  private readonly sender = new ServiceWebhooks();
  private readonly names: string[];
  private address = '';

  /** `token`: what clients must send as `authorization: Bearer`. */
  protected constructor(readonly token: string) {
    const names: string[] = [];
    super(new PlannedFaults<string, never>(names, {}));
    this.names = names;
    this.app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const { status, code, fields } = error instanceof ServiceRefusal ? error : { status: error.statusCode ?? 500, code: 'invalid' };
      return reply.code(status).send({ error: { code, message: error.message, ...(fields && { fields }) } });
    });
    this.control('webhook-url', WEBHOOK_URL, ({ url }: { url: string }) => {
      this.sender.url = url;
    });
    this.control('faults', this.faults.schema, ({ call, fault, times }: { call: string; fault: never; times?: number }) =>
      this.fail(call, fault, times),
    );
  }

  /** Starts to listen on this machine. Throws when the port is taken. */
  async listen({ port = 0, webhookUrl = '' }: DoubleOptions = {}): Promise<this> {
    this.sender.url = webhookUrl;
    this.address = await this.app.listen({ host: '127.0.0.1', port });
    return this;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    return `address ${this.url}, token ${this.token}`;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.sender.stop();
    await this.app.close();
  }

  /** Adds a call of the API. */
  protected route({ call, method, path, body, act }: ServiceRoute): void {
    this.names.push(call);
    this.app.route({
      ...{ method, url: path, attachValidation: true },
      ...(body && { schema: { body } }),
      handler: (request, reply) => {
        this.calls.push(call);
        if (!this.isAllowed(request.headers)) throw new ServiceRefusal(401, 'unauthorized', 'The token is not known');
        return playFault({
          ...{ fault: this.faults.take(call), reply, errors: ERRORS, later: this.later },
          act: () => {
            const { validationError } = request;
            if (validationError) throw new ServiceRefusal(400, 'invalid', validationError.message);
            return { json: act(toServiceRequest(request)) };
          },
        });
      },
    });
  }

  /** Adds a path for the hand below `/control`; it takes JSON by `POST` and needs no token. */
  protected control<Body>(path: string, body: object, act: (body: Body) => void): void {
    this.app.post(`/control/${path}`, { schema: { body } }, (request) => {
      act(request.body as Body);
      return { done: true };
    });
  }

  /** Posts an event to the webhook's address, until it is accepted or given up. */
  protected post(event: object): void {
    const body = JSON.stringify(event);
    const webhook = { headers: this.sign(body), body };
    this.webhooks.push(webhook);
    this.sender.add(webhook);
  }

  /** The headers that a webhook is signed with: the second, and an HMAC of it and the body by the token. */
  protected sign(body: string): Record<string, string> {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    return { 'x-timestamp': timestamp, 'x-signature': hmacSha256Hex(this.token, `${timestamp}.${body}`) };
  }

  /** Whether a call may be made; names of headers are in lower case. */
  protected isAllowed(headers: Readonly<Record<string, unknown>>): boolean {
    return headers['authorization'] === `Bearer ${this.token}`;
  }
}

function toServiceRequest({ params, url, headers, body }: FastifyRequest): ServiceRequest {
  const query = new URL(url, 'http://localhost').searchParams;
  return { params: params as Record<string, string>, query, headers: headers as Record<string, string>, body: body ?? undefined };
}
