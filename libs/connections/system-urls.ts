import { Injectable, Logger } from '@nestjs/common';
import { request } from 'undici';
import { Environment, errorText } from '#platform';

/** Second-level domains of the vendor's hosted accounts, in case its published list cannot be read. */
const HOSTED_DOMAINS = [
  'retailcrm.ru',
  'retailcrm.pro',
  'retailcrm.es',
  'simla.com',
  'simlachat.com',
  'simlachat.ru',
  'simla.io',
  'ecomlogic.com',
];
const PUBLISHED_LISTS = {
  hosted: 'https://infra-data.retailcrm.tech/crm-domains.json',
  selfHosted: 'https://infra-data.retailcrm.tech/box-domains.json',
};
const LIST_LIFE_MS = 3_600_000;
const LIST_RETRY_MS = 60_000;

/** An account's address that must not be called. The message explains why. */
export class SystemUrlError extends Error {}

/** Decides which account addresses are accepted (docs/contract/simple-connection.md). */
@Injectable()
export class SystemUrls {
  private readonly logger = new Logger(SystemUrls.name);
  private readonly development: Set<string>;
  private published = { hosted: new Set<string>(), selfHosted: new Set<string>(), freshUntil: 0 };
  private reading: Promise<void> | undefined;

  constructor(environment: Environment) {
    this.development = new Set(environment.crmHosts.map((url) => new URL(url).origin));
  }

  /** Returns the origin of a vendor's address or of one in CRM_HOSTS. Throws SystemUrlError for any other. */
  async accept(systemUrl: string): Promise<string> {
    let url: URL;
    try {
      url = new URL(systemUrl.trim());
    } catch {
      throw new SystemUrlError('is not an address');
    }
    const bare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (!bare) throw new SystemUrlError('must be a bare address without path, query, fragment or user');
    if (this.development.has(url.origin)) return url.origin;
    if (url.protocol !== 'https:') throw new SystemUrlError('must begin with https://');
    // The host is written into headers, and a URL's host may contain other characters, such as `;`.
    if (!/^[a-z0-9.-]+$/.test(url.hostname)) throw new SystemUrlError('must name a host by letters, digits, dots and hyphens');
    if (url.port !== '') throw new SystemUrlError('must not name a port');
    const parent = url.hostname.slice(url.hostname.indexOf('.') + 1);
    if (HOSTED_DOMAINS.includes(parent)) return url.origin;
    await this.refresh();
    if (this.published.hosted.has(parent) || this.published.selfHosted.has(url.hostname)) return url.origin;
    throw new SystemUrlError(
      `names a host that is not the CRM vendor's (${url.hostname}); a self-hosted or development CRM must be listed in CRM_HOSTS`,
    );
  }

  /**
   * Lists the origins that may frame a page of an unknown account, as sources of a
   * Content-Security-Policy. `referrer`: the page that linked to it, which may belong to a self-hosted CRM.
   */
  async listFrameSources(referrer: string | undefined): Promise<string[]> {
    const known = [...HOSTED_DOMAINS.map((domain) => `https://*.${domain}`), ...this.development];
    const origin = referrer !== undefined && URL.canParse(referrer) ? new URL(referrer).origin : '';
    const framing = await this.accept(origin).catch(() => undefined);
    return [...new Set(framing === undefined ? known : [...known, framing])];
  }

  /** Whether plain http and private addresses are allowed for an accepted origin. */
  isDevelopment(origin: string): boolean {
    return this.development.has(origin);
  }

  /** Reads the lists if they are old, once for all waiting callers. */
  private async refresh(): Promise<void> {
    if (this.published.freshUntil > Date.now()) return;
    this.reading ??= this.readLists().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async readLists(): Promise<void> {
    try {
      const [hosted, selfHosted] = await Promise.all([readDomains(PUBLISHED_LISTS.hosted), readDomains(PUBLISHED_LISTS.selfHosted)]);
      this.published = { hosted, selfHosted, freshUntil: Date.now() + LIST_LIFE_MS };
    } catch (error) {
      // The last list stays in use.
      this.published.freshUntil = Date.now() + LIST_RETRY_MS;
      this.logger.warn(`the vendor's list of domains cannot be read: ${errorText(error)}`);
    }
  }
}

async function readDomains(url: string): Promise<Set<string>> {
  const reply = await request(url, { signal: AbortSignal.timeout(3000), headersTimeout: 3000 });
  const body = (await reply.body.json()) as { domains?: { domain?: unknown }[] };
  if (reply.statusCode !== 200 || !Array.isArray(body.domains)) throw new Error(`${url} answered ${reply.statusCode}`);
  return new Set(body.domains.flatMap((entry) => (typeof entry.domain === 'string' ? [entry.domain.toLowerCase()] : [])));
}
