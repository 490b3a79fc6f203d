import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { DoubleControl } from '../../../../libs/testing/doubles/double-control.js';
import { PlannedFaults, playFault, type ServiceAnswer } from '../../../../libs/testing/double/faults.js';

/** The calls of its API. */
const CALLS = ['account', 'list', 'create', 'move', 'remove'] as const;
type Call = (typeof CALLS)[number];

/** A webhook that somebody set up. */
interface Hook {
  id: string;
  url: string;
}

/** A service with one place for a webhook in each account, whose secret is shown once, when it is made. */
export class HookService extends DoubleControl<Call, never> {
  readonly apiKey = 'right-key';
  /** All keys that it accepts. */
  readonly keys = new Set<unknown>([this.apiKey]);
  /** What is set up, by whomever. */
  readonly hooks: Hook[] = [];
  /** The secret of each hook that was ever made, by its id. */
  readonly secrets = new Map<string, string>();
  /** All calls received, in order, and the keys they came with. */
  readonly calls: { call: Call; key: unknown }[] = [];
  /** Only its user may set up webhooks. */
  isManual = false;
  private readonly app: FastifyInstance = Fastify({ forceCloseConnections: true });
  private address = '';

  private constructor() {
    super(new PlannedFaults<Call, never>(CALLS, {}));
    this.route('account', 'GET', '/account', () => ({ json: { name: 'Shop of Anna' } }));
    this.route('list', 'GET', '/hooks', () => ({ json: { hooks: this.hooks } }));
    this.route('create', 'POST', '/hooks', (request) => this.create((request.body as { url: string }).url));
    this.route('move', 'PUT', '/hooks/:id', (request) => {
      const hook = this.hooks.find(({ id }) => id === readId(request));
      if (!hook) return { status: 404 };
      hook.url = (request.body as { url: string }).url;
      return { json: hook };
    });
    this.route('remove', 'DELETE', '/hooks/:id', (request) => {
      const index = this.hooks.findIndex(({ id }) => id === readId(request));
      if (index === -1) return { status: 404 };
      this.hooks.splice(index, 1);
      return { json: {} };
    });
  }

  /** Starts one on a free port of this machine. */
  static async start(): Promise<HookService> {
    const service = new HookService();
    service.address = await service.app.listen({ host: '127.0.0.1', port: 0 });
    return service;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** How often a call was received, with one key or any. */
  count(call: Call, key?: string): number {
    return this.calls.filter((one) => one.call === call && (key === undefined || one.key === key)).length;
  }

  /** Another program sets up its webhook. */
  occupy(url: string): void {
    this.hooks.push({ id: `other-${this.hooks.length}`, url });
  }

  /** Forgets everything but secrets. */
  reset(): void {
    this.hooks.length = 0;
    this.calls.length = 0;
    this.faults.clear();
    this.isManual = false;
  }

  close(): Promise<void> {
    this.forgetWhatIsDue();
    return this.app.close();
  }

  private create(url: string): ServiceAnswer {
    if (this.isManual) return { status: 422, json: { error: 'only a user may do this' } };
    if (this.hooks.length > 0) return { status: 409, json: { error: 'the place is taken' } };
    const hook = { id: `hook-${this.secrets.size}`, url };
    const secret = randomBytes(8).toString('hex');
    this.hooks.push(hook);
    this.secrets.set(hook.id, secret);
    return { status: 201, json: { ...hook, secret } };
  }

  private route(call: Call, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, act: (request: FastifyRequest) => ServiceAnswer): void {
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const key = request.headers['x-api-key'];
      this.calls.push({ call, key });
      if (!this.keys.has(key)) return reply.code(401).send({ error: 'wrong key' });
      const fault = this.faults.take(call);
      return playFault<never>({
        fault,
        reply,
        later: this.later,
        errors: { failed: { error: 'away' }, tooMany: { error: 'too many' }, toRefusal: () => new Error('it has no fault of its own') },
        act: () => act(request),
      });
    };
    this.app.route({ method, url, handler });
  }
}

function readId(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}
