import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy in front of a server (a database, Redis, an HTTP service), to play its outages: connections
 * refused, cut, frozen, slow. Point the client at `port`. The server itself is never touched.
 */
export class FaultyProxy {
  private readonly pairs = new Set<Pair>();
  private server: Server;
  private frozen = false;
  private delayMs = 0;

  private constructor(
    private readonly target: { host: string; port: number },
    readonly port: number,
    server: Server,
  ) {
    this.server = server;
  }

  /** Starts one on a free port of this machine. */
  static async start(target: { host?: string; port: number }): Promise<FaultyProxy> {
    const server = createServer();
    await listen(server, 0);
    const proxy = new FaultyProxy({ host: target.host ?? '127.0.0.1', port: target.port }, (server.address() as AddressInfo).port, server);
    server.on('connection', (client) => proxy.accept(client));
    return proxy;
  }

  /** Connections open now. */
  get connections(): number {
    return this.pairs.size;
  }

  /** Resets every open connection. New ones work. */
  cut(): void {
    for (const { client, upstream } of this.pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  /** The server is gone: open connections are reset, new ones refused, until `restore`. */
  async refuse(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.cut();
    await closed;
  }

  /** Silently blocks both directions until `restore`. */
  freeze(): void {
    this.frozen = true;
    for (const { client, upstream } of this.pairs) {
      client.pause();
      upstream.pause();
    }
  }

  /** Everything takes so much longer, in each direction; 0 ends it. */
  slow(ms: number): void {
    this.delayMs = ms;
  }

  /** Restores traffic. Frozen data continues. */
  async restore(): Promise<void> {
    this.delayMs = 0;
    this.frozen = false;
    for (const { client, upstream } of this.pairs) {
      client.resume();
      upstream.resume();
    }
    if (this.server.listening) return;
    this.server = createServer((client) => this.accept(client));
    await listen(this.server, this.port);
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.refuse();
  }

  private accept(client: Socket): void {
    const upstream = connect(this.target);
    const pair = { client, upstream };
    this.pairs.add(pair);
    client.setNoDelay();
    upstream.setNoDelay();
    this.pass(client, upstream);
    this.pass(upstream, client);
    for (const socket of [client, upstream]) {
      // Its own end follows as `close`.
      socket.on('error', () => undefined);
      socket.on('close', () => this.pairs.delete(pair));
      if (this.frozen) socket.pause();
    }
  }

  private pass(from: Socket, to: Socket): void {
    const later = (action: () => void): void => {
      if (this.delayMs > 0) setTimeout(action, this.delayMs);
      else action();
    };
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('close', (hadError) => {
      if (hadError) to.resetAndDestroy();
      else later(() => to.destroySoon());
    });
  }
}

interface Pair {
  client: Socket;
  upstream: Socket;
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
