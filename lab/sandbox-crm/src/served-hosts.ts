import type { FastifyInstance } from 'fastify';
import { SandboxError } from './module/module-error.js';

/** Names that a browser resolves to this machine without a DNS server. */
const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];
/** Addresses that stand for all addresses of the machine. */
const ANY = ['0.0.0.0', '::'];

/** Accepted hosts of requests to the sandbox. */
export interface HostSettings {
  /** Address to bind. */
  readonly host: string;
  /** Base URL sent to modules, if it is not the bound address. */
  readonly url?: string;
  /** Further host names, without ports. */
  readonly hosts?: readonly string[];
}

/**
 * Rejects a request whose `Host` is neither this machine nor in the settings, with 403. Otherwise a page of
 * another site could read the sandbox after pointing its own name at 127.0.0.1 (DNS rebinding).
 */
export function refuseForeignHosts(app: FastifyInstance, readSettings: () => HostSettings): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const name = readHost(`http://${request.headers.host ?? ''}`);
    if (name !== undefined && listServed(readSettings()).has(name)) return done();
    const shown = JSON.stringify((request.headers.host ?? '').slice(0, 100));
    done(new SandboxError(`The sandbox does not serve the host ${shown}. Add it to SANDBOX_HOSTS if it is yours.`, 403));
  });
}

function listServed({ host, url, hosts = [] }: HostSettings): Set<string> {
  const bound = ANY.includes(host) ? undefined : readHost(`http://${host.includes(':') ? `[${host}]` : host}`);
  const all = [...LOCAL, bound, url === undefined ? undefined : readHost(url), ...hosts.map((one) => readHost(`http://${one}`))];
  return new Set(all.filter((one) => one !== undefined));
}

/** Returns the host name of a URL in lower case, or undefined if there is none. */
function readHost(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
