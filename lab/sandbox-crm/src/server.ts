import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerControl } from './control/control.plugin.js';
import { registerApi, serveUnknown } from './engine/api.plugin.js';
import { ApiError } from './engine/api-error.js';
import { allHandlers } from './groups/index.js';
import { Connector } from './module/connector.js';
import { SandboxError } from './module/module-error.js';
import type { Sandbox } from './sandbox.js';
import { registerScreens } from './screens.js';
import { type HostSettings, refuseForeignHosts } from './served-hosts.js';
import type { Account } from './store/state.js';

/** The sandbox's addresses. */
export interface ListenOptions extends HostSettings {
  /** TCP port of the default account and the control API. 0: a free one. */
  readonly port: number;
}

/** Maximum bytes of a body: an uploaded file. */
const BODY_LIMIT = 50 * 1024 * 1024;

/**
 * The sandbox CRM over HTTP: the API under `/api`, control under `/sandbox`, one port for each further
 * account.
 */
export class SandboxServer {
  /** Connects modules, and sends them the account's changes. */
  readonly connector: Connector;
  private readonly app: FastifyInstance;
  private readonly extra = new Map<number, Server>();
  private hosts: HostSettings = { host: '127.0.0.1' };

  /** Takes the sandbox that it shows. */
  constructor(private readonly sandbox: Sandbox) {
    this.app = Fastify({ bodyLimit: BODY_LIMIT, routerOptions: { maxParamLength: 500 }, forceCloseConnections: true });
    this.connector = new Connector(sandbox, (account, url) => this.move(account, url));
    this.app.setErrorHandler((error, request, reply) => {
      if (error instanceof ApiError) return reply.code(error.status).send(error.body);
      const status = chooseStatus(error);
      const message = error instanceof Error ? error.message : String(error);
      if (status >= 500)
        console.error(`${request.method} ${request.url.split('?')[0]}: ${error instanceof Error ? (error.stack ?? message) : message}`);
      return reply.code(status).send({ success: false, errorMsg: status >= 500 ? 'Internal Server Error' : message });
    });
    this.app.setNotFoundHandler((request, reply) => {
      if (request.url.startsWith('/api/')) return serveUnknown(sandbox, request, reply);
      return reply.code(404).send({ success: false, errorMsg: 'Nothing here: the API is under /api, the control API under /sandbox' });
    });
    refuseForeignHosts(this.app, () => this.hosts);
    registerScreens(this.app, sandbox);
    this.app.register(async (scope) => registerApi(scope, sandbox, allHandlers(sandbox)));
    this.app.register(async (scope) => registerControl(scope, sandbox, this.connector, this), {
      prefix: '/sandbox',
    });
  }

  /** Starts to listen on the ports of all accounts. Returns the base URL of the default account. */
  async listen(options: ListenOptions): Promise<string> {
    this.hosts = options;
    await this.app.listen({ port: options.port, host: options.host });
    const address = this.app.server.address() as AddressInfo;
    const visible = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;
    this.sandbox.mainUrl = options.url ?? `http://${visible.includes(':') ? `[${visible}]` : visible}:${address.port}`;
    for (const account of this.sandbox.accounts) if (account.port !== undefined) await this.openPort(account.port);
    return this.sandbox.mainUrl;
  }

  /** Stops listening and writes the state. */
  async close(): Promise<void> {
    await Promise.all([...this.extra.values()].map((server) => closeServer(server)));
    await this.app.close();
    await this.sandbox.close();
  }

  /** Listens on another port (0: a free one). Returns it. Throws `SandboxError` if it is taken. */
  async openPort(port: number): Promise<number> {
    const server = createServer((request, response) => this.app.routing(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.hosts.host, resolve);
    }).catch((error: Error) => {
      throw new SandboxError(`Cannot listen on port ${port}: ${error.message}`);
    });
    const bound = (server.address() as AddressInfo).port;
    this.extra.set(bound, server);
    this.sandbox.extraPorts.add(bound);
    return bound;
  }

  /** Moves an account to another local port, or back to the main port. The old address stops serving it. */
  async move(account: Account, url: string): Promise<void> {
    if (!URL.canParse(url)) throw new SandboxError(`"${url}" is not a URL; give an address on this host, such as http://127.0.0.1:3199`);
    const port = Number(new URL(url).port || '80');
    const old = account.port;
    if (port === Number(new URL(this.sandbox.mainUrl).port)) {
      const holder = this.sandbox.accounts.find((one) => one.port === undefined && one !== account);
      if (holder) throw new SandboxError(`The main port belongs to account "${holder.code}"`);
      delete account.port;
    } else {
      if (!this.extra.has(port)) account.port = await this.openPort(port);
      else if (this.sandbox.accounts.some((one) => one.port === port && one !== account))
        throw new SandboxError(`Port ${port} belongs to another account`);
      else account.port = port;
    }
    if (old !== undefined && old !== account.port) {
      const server = this.extra.get(old);
      this.extra.delete(old);
      this.sandbox.extraPorts.delete(old);
      if (server) await closeServer(server);
    }
    this.sandbox.changed();
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function chooseStatus(error: unknown): number {
  if (error instanceof SandboxError) return error.status;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
