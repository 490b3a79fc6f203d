import { lookup } from 'node:dns';
import { connect, isIP, type LookupFunction, Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { EnvironmentError } from '../config/settings.js';
import { isPublicAddress } from './public-address.js';

/** Names that are never public. They are not looked up, because that would reveal which of them exist. */
const HOME_NAME = /^[^.]*$|\.(localhost|local|internal|intranet|private|home|lan|corp|arpa)$/;
/** How long a check waits for a name's addresses. */
const LOOKUP_MS = 3_000;

/** `closed`: a network that accounts may not use; `unresolved`: no address for the name, or not in time. */
export type Reachability = 'open' | 'closed' | 'unresolved';

/** The connection was not made: the host is, or has, an address that accounts may not name. */
export class ClosedAddressError extends Error {
  readonly code = 'CLOSED_ADDRESS';
}

interface Exception {
  network?: ReturnType<typeof ipaddr.parseCIDR>;
  name?: string;
  /** Any when missing. */
  port?: number;
}

/**
 * Decides whether an account's addresses are allowed: public, or listed in PRIVATE_HOSTS. Each connection is
 * judged by its actual address, so re-pointing the name does not help.
 */
export class Reach {
  private readonly exceptions: readonly Exception[];

  /**
   * `exceptions`: hosts, networks (`10.1.0.0/16`) and `host:port`; `resolve`: DNS look-up, by default the
   * system's.
   * @throws EnvironmentError for any other exception
   */
  constructor(
    exceptions: readonly string[],
    private readonly resolve: typeof lookup = lookup,
  ) {
    this.exceptions = exceptions.map(parseException);
  }

  /** Judges a host, however it is spelled, by all addresses it has now. */
  async check(host: string, port: number): Promise<Reachability> {
    const name = this.findTarget(host, port);
    if (name === undefined) return 'closed';
    if (isIP(name)) return 'open';
    const found = new Promise<Reachability>((resolve) =>
      this.lookupFor(name, port)(name, { all: true }, (error) =>
        resolve(error === null ? 'open' : error instanceof ClosedAddressError ? 'closed' : 'unresolved'),
      ),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Reachability>((resolve) => (timer = setTimeout(resolve, LOOKUP_MS, 'unresolved')));
    return Promise.race([found, late]).finally(() => clearTimeout(timer));
  }

  /** Whether PRIVATE_HOSTS has a host's name, address or network. Looks nothing up. */
  isNamedHost(host: string, port: number): boolean {
    const name = toPlainHost(host);
    if (name === undefined) return false;
    return isIP(name) ? this.isInNetwork(name, port) : this.isNamed(name, port);
  }

  /** Begins a TCP connection. The socket ends with ClosedAddressError if the address is not allowed. */
  connect(host: string, port: number): Socket {
    const name = this.findTarget(host, port);
    if (name === undefined) return new Socket().destroy(new ClosedAddressError());
    return connect({ host: name, port, lookup: this.lookupFor(name, port) });
  }

  /** How an undici agent connects. Fails with ClosedAddressError. `timeout`: milliseconds. */
  connector(timeout: number): buildConnector.connector {
    return (options, callback) => {
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
      const name = this.findTarget(options.hostname, port);
      if (name === undefined) return callback(new ClosedAddressError(), null);
      return buildConnector({ timeout, lookup: this.lookupFor(name, port) })(options, callback);
    };
  }

  /** The normalised host. Undefined when invalid, or not allowed regardless of its addresses. */
  private findTarget(host: string, port: number): string | undefined {
    const name = toPlainHost(host);
    if (name === undefined) return undefined;
    const closed = isIP(name) ? !this.admits(name, port) : HOME_NAME.test(name) && !this.isNamed(name, port);
    return closed ? undefined : name;
  }

  /** Looks up a name, and fails when any of its addresses is closed. */
  private lookupFor(name: string, port: number): LookupFunction {
    const named = this.isNamed(name, port);
    return (_host, options, callback) => {
      this.resolve(name, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        const [first] = addresses;
        if (!first || (!named && !addresses.every(({ address }) => this.admits(address, port))))
          return callback(new ClosedAddressError(), []);
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      });
    };
  }

  private admits(address: string, port: number): boolean {
    return isPublicAddress(address) || this.isInNetwork(address, port);
  }

  private isInNetwork(address: string, port: number): boolean {
    const plain = ipaddr.process(address);
    return this.exceptions.some(
      (one) => one.network?.[0].kind() === plain.kind() && (one.port ?? port) === port && plain.match(one.network),
    );
  }

  private isNamed(name: string, port: number): boolean {
    return this.exceptions.some((one) => one.name === name && (one.port ?? port) === port);
  }
}

function parseException(text: string): Exception {
  if (ipaddr.isValidCIDR(text)) return { network: ipaddr.parseCIDR(text) };
  const [, host = '', port] = (isIP(text) ? undefined : /^(.*):(\d{1,5})$/.exec(text)) ?? ['', text];
  const name = toPlainHost(host);
  if (name === undefined || text.includes('/'))
    throw new EnvironmentError(
      `PRIVATE_HOSTS holds ${JSON.stringify(text)}: write hosts, networks such as 10.1.0.0/16, or host:port, separated by commas.`,
    );
  const where: Exception = isIP(name) ? { network: toNetwork(ipaddr.process(name)) } : { name };
  return { ...where, ...(port !== undefined && { port: Number(port) }) };
}

/** A network of one address. */
function toNetwork(address: ipaddr.IPv4 | ipaddr.IPv6): Exception['network'] {
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Exception['network'];
}

/** A normalised host: lower case, no final dot, IPv4 as four decimals. Undefined if it is not a host. */
function toPlainHost(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  // A zone names an interface of this machine.
  if (isIP(bare) === 6) return bare.includes('%') ? undefined : bare;
  if (/[\s/\\?#@:[\]]/.test(bare) || !URL.canParse(`http://${bare}`)) return undefined;
  return new URL(`http://${bare}`).hostname.replace(/\.+$/, '') || undefined;
}
