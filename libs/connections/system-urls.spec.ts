import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher, type Dispatcher } from 'undici';
import { Environment } from '#platform';
import { SystemUrlError, SystemUrls } from './system-urls.js';

const LISTS = 'https://infra-data.retailcrm.tech';

let before: Dispatcher;
let agent: MockAgent;

beforeEach(() => {
  before = getGlobalDispatcher();
  agent = new MockAgent();
  agent.disableNetConnect();
  setGlobalDispatcher(agent);
});
afterEach(async () => {
  setGlobalDispatcher(before);
  await agent.close();
});

function urls(hosts = ''): SystemUrls {
  return new SystemUrls(Object.assign(new Environment(), { CRM_HOSTS: hosts }));
}

/** Publishes the vendor's lists. Each list is read once. */
function publish(hosted: string[], selfHosted: string[]): void {
  const buildList = (domains: string[]): object => ({ createDate: '2026-01-01', domains: domains.map((domain) => ({ domain })) });
  agent.get(LISTS).intercept({ path: '/crm-domains.json' }).reply(200, buildList(hosted));
  agent.get(LISTS).intercept({ path: '/box-domains.json' }).reply(200, buildList(selfHosted));
}

const refusal = (promise: Promise<string>): Promise<string> =>
  promise.then(
    (url) => `accepted ${url}`,
    (error: unknown) => (error instanceof SystemUrlError ? error.message : `threw ${String(error)}`),
  );

describe("an account's address", () => {
  it.each([
    ['https://demo.retailcrm.ru', 'https://demo.retailcrm.ru'],
    ['https://Demo.RetailCRM.pro/', 'https://demo.retailcrm.pro'],
    [' https://shop.simla.com ', 'https://shop.simla.com'],
    ['https://demo.retailcrm.es:443', 'https://demo.retailcrm.es'],
  ])('%s is accepted without a lookup', async (url, origin) => {
    expect(await urls().accept(url)).toBe(origin);
  });

  it('is accepted if the vendor lists its domain or its own host, and the lists are cached', async () => {
    publish(['new-domain.example'], ['crm.shop.example']);
    const some = urls();
    expect(await some.accept('https://demo.new-domain.example')).toBe('https://demo.new-domain.example');
    expect(await some.accept('https://crm.shop.example')).toBe('https://crm.shop.example');
    expect(await refusal(some.accept('https://shop.example'))).toContain("not the CRM vendor's (shop.example)");
    expect(await refusal(some.accept('https://a.crm.shop.example'))).toContain('CRM_HOSTS');
    expect(await refusal(some.accept('https://a.b.new-domain.example'))).toContain('CRM_HOSTS');
    expect(await refusal(some.accept('https://new-domain.example'))).toContain('CRM_HOSTS');
  });

  it.each(['https://evil-retailcrm.ru', 'https://shop.evil-simla.com', 'https://a.b.retailcrm.ru', 'https://retailcrm.ru'])(
    '%s is refused: it only ends like a known domain',
    async (url) => {
      publish([], []);
      expect(await refusal(urls().accept(url))).toContain('CRM_HOSTS');
    },
  );

  it('is refused when the lists cannot be read, and the known domains still are believed', async () => {
    const some = urls();
    expect(await refusal(some.accept('https://demo.unknown.example'))).toContain('CRM_HOSTS');
    expect(await some.accept('https://demo.retailcrm.ru')).toBe('https://demo.retailcrm.ru');
  });

  it.each([
    ['', 'is not an address'],
    ['demo.retailcrm.ru', 'is not an address'],
    ['http://demo.retailcrm.ru', 'must begin with https://'],
    ['ftp://demo.retailcrm.ru', 'must begin with https://'],
    ['https://demo.retailcrm.ru:8443', 'must not name a port'],
    ['https://demo.retailcrm.ru/admin', 'must be a bare address'],
    ['https://demo.retailcrm.ru?x=1', 'must be a bare address'],
    ['https://demo.retailcrm.ru#x', 'must be a bare address'],
    ['https://a;b.retailcrm.ru', 'must name a host by letters'],
    ['https://me@demo.retailcrm.ru', 'must be a bare address'],
    ['https://:secret@demo.retailcrm.ru', 'must be a bare address'],
  ])('%p is refused: it %s', async (url, why) => {
    expect(await refusal(urls().accept(url))).toContain(why);
  });

  it('of a developer must match CRM_HOSTS, including the port', async () => {
    const some = urls('http://127.0.0.1:3100,https://crm.test');
    expect(await some.accept('http://127.0.0.1:3100/')).toBe('http://127.0.0.1:3100');
    expect(await some.accept('https://crm.test')).toBe('https://crm.test');
    expect([some.isDevelopment('http://127.0.0.1:3100'), some.isDevelopment('https://demo.retailcrm.ru')]).toEqual([true, false]);
    expect(await refusal(some.accept('http://127.0.0.1:3101'))).toContain('https://');
    expect(await refusal(some.accept('http://127.0.0.1:3100/x'))).toContain('bare address');
  });
});

describe('from where a page is framed', () => {
  it('is the known domains and CRM_HOSTS, and the vendor-listed host that led to the page', async () => {
    publish([], ['crm.shop.example']);
    const some = urls('http://127.0.0.1:3100');
    const known = await some.listFrameSources(undefined);
    expect(known).toEqual(expect.arrayContaining(['https://*.retailcrm.ru', 'https://*.simla.com', 'http://127.0.0.1:3100']));
    expect(await some.listFrameSources('https://crm.shop.example/admin/integration')).toEqual([...known, 'https://crm.shop.example']);
    for (const referrer of [
      'https://foreign.example/',
      'https://a;b.retailcrm.ru/',
      'about:blank',
      'no address',
      'http://127.0.0.1:3100/x',
    ])
      expect(await some.listFrameSources(referrer)).toEqual(known);
  });
});
