import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const NAME_AT = 12;
const TYPE_A = 1;

/** Returns the same IPv4 addresses for every name, as a container network does for the name of a service. */
export class NameServer {
  /** The addresses from now on. */
  addresses: readonly string[] = [];

  private constructor(
    private readonly socket: Socket,
    readonly port: number,
  ) {}

  static async start(): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const server = new NameServer(socket, socket.address().port);
    socket.on('message', (query, from) => socket.send(server.answer(query), from.port, from.address));
    return server;
  }

  stop(): void {
    this.socket.close();
  }

  /** RFC 1035, 4.1: the question is repeated, and each answer points to its name. */
  private answer(query: Buffer): Buffer {
    const typeAt = query.indexOf(0, NAME_AT) + 1;
    const question = query.subarray(NAME_AT, typeAt + 4);
    const addresses = query.readUInt16BE(typeAt) === TYPE_A ? this.addresses : [];
    const head = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0]);
    query.copy(head, 0, 0, 2);
    const rows = addresses.map((address) =>
      Buffer.from([0xc0, NAME_AT, 0, TYPE_A, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]),
    );
    return Buffer.concat([head, question, ...rows]);
  }
}
