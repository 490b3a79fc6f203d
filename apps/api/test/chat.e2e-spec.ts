import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, readRefusal } from './support/account.js';
import { browserPath, startBrowser } from './support/browser.js';
import { listViolations } from './support/contract-check.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { type Reply, readReply } from './support/reply.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

const SITE = 'https://shop.example';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/;

let deployment: Deployment;
const crms: Crm[] = [];
let free: Crm[] = [];
let visitors = 0;

interface Visits {
  lastVisit?: {
    source: string;
    createdAt: string;
    endedAt: string;
    duration: number;
    pages: { dateTime: string; url: string; title?: string }[];
  };
  countVisits: number;
  device?: object;
  utm?: object;
  country?: string;
  city?: string;
}

/** A number as the script makes it. */
function newVisitor(): string {
  return (++visitors).toString(16).padStart(32, '0');
}

/** An account with the module, and its shop's site. */
class Desk {
  private constructor(
    readonly account: Account,
    readonly connection: string,
    readonly host: Deployment,
  ) {}

  static async open(settings: object = {}, host = deployment): Promise<Desk> {
    const crm = free.pop();
    if (!crm) throw new Error('start more accounts');
    const account = await Account.connect(host, crm, 'webvisits');
    const { items } = await host.operator<{ items: { id: string; systemUrl: string }[] }>('GET', '/connections?limit=500');
    const desk = new Desk(account, items.find((one) => one.systemUrl === crm.url)?.id ?? '', host);
    await desk.set({ sites: [SITE, 'https://m.shop.example'], ...settings });
    return desk;
  }

  async set(changes: object): Promise<void> {
    const path = `/connections/${this.connection}/settings`;
    const { values } = await this.host.operator<{ values: object }>('GET', path);
    const before = this.account.crm.registrations.length;
    await this.host.operator('PUT', path, { ...values, ...changes });
    if (this.host.workers.length === 0) return;
    await until('the module is registered anew', () => this.account.crm.registrations.length > before);
  }

  /** Sends a beacon like the script's, from a page of the shop. */
  async beacon(beacon: object | string, headers: Record<string, string> = {}, connection = this.connection): Promise<Reply> {
    return readReply(
      await fetch(`${this.host.url}/webvisits/visits/${connection}`, {
        method: 'POST',
        headers: { origin: SITE, 'content-type': 'text/plain', 'user-agent': CHROME, ...headers },
        body: typeof beacon === 'string' ? beacon : JSON.stringify(beacon),
      }),
    );
  }

  async page(visitor: string, fields: object = {}, headers: Record<string, string> = {}): Promise<void> {
    const reply = await this.beacon(
      { type: 'page', consent: true, visitor, url: `${SITE}/`, title: 'Shop', lang: 'es-MX', ...fields },
      headers,
    );
    if (reply.status !== 204) throw new Error(`${reply.status} ${reply.bytes.toString()}`);
  }

  /** The callbacks as the CRM calls them: the client in a header. */
  async call(action: 'online' | 'visits', query: Record<string, string>, clientId = this.account.clientId): Promise<Reply> {
    const path = this.account.registration.integrations?.mgTransport?.actions?.[action] ?? '';
    const base = this.account.registration.baseUrl ?? '';
    return readReply(await fetch(`${base}${path}?${new URLSearchParams(query).toString()}`, { headers: { 'x-client-id': clientId } }));
  }

  async visits(externalChatId: string): Promise<Visits> {
    const reply = await this.call('visits', { externalChatId });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    return reply.json;
  }

  async online(externalUserId: string): Promise<{ lastOnline?: string }> {
    const reply = await this.call('online', { externalUserId });
    expect(reply.status).toBe(200);
    return reply.json;
  }

  /** Moves all that is known back in time. */
  async passMinutes(minutes: number): Promise<void> {
    for (const [table, columns] of Object.entries({
      visitor: ['first_seen', 'last_seen', 'report_due_at'],
      visit: ['started_at', 'last_at'],
    }))
      await this.host.stores.query(
        `UPDATE webvisits_${table} SET ${columns.map((name) => `${name} = ${name} - make_interval(mins => $2)`).join(', ')} WHERE connection_id = $1`,
        [this.connection, minutes],
      );
    await this.host.stores.query(
      `UPDATE webvisits_page p SET at = at - make_interval(mins => $2) FROM webvisits_visit v WHERE v.id = p.visit_id AND v.connection_id = $1`,
      [this.connection, minutes],
    );
  }

  async rows(): Promise<number> {
    const [row] = await this.host.stores.query<{ n: number }>('SELECT count(*)::int AS n FROM webvisits_visitor WHERE connection_id = $1', [
      this.connection,
    ]);
    return row?.n ?? 0;
  }
}

describe.each(anyBackend)('chats, queue on %s', (backend) => {
  beforeAll(async () => {
    crms.push(...(await Crm.startAll(17)));
    free = [...crms];
    deployment = await Deployment.start({ backend, crms, variables: { MODULES: 'webvisits', TRUSTED_PROXIES: '127.0.0.1' } });
  }, START_MS);

  afterEach(() => {
    for (const crm of crms) expect(crm.complaints).toEqual([]);
  });

  afterAll(async () => {
    await deployment?.stop();
    for (const crm of crms.splice(0)) await crm.close();
  });

  it('registers the transport and the bot of the settings, and keeps their tokens to itself', async () => {
    const desk = await Desk.open();
    expect(listViolations(desk.account.registration, 'IntegrationModule')).toEqual([]);
    expect(desk.account.registration.integrations).toEqual({
      mgTransport: { isActive: true, actions: { online: '/chat/online', visits: '/chat/visits' } },
    });
    await desk.set({
      transportToken: 'transport-token-1',
      transportWebhookUrl: 'https://mg.example/hook',
      transportEndpointUrl: 'https://mg.example/api',
      botEnabled: true,
      botName: 'Helper',
    });
    expect(listViolations(desk.account.registration, 'IntegrationModule')).toEqual([]);
    expect(desk.account.registration.integrations).toEqual({
      mgTransport: {
        token: 'transport-token-1',
        isActive: true,
        webhookUrl: 'https://mg.example/hook',
        endpointUrl: 'https://mg.example/api',
        actions: { online: '/chat/online', visits: '/chat/visits' },
      },
      // Its token and address are the CRM's.
      mgBot: {},
    });
    const { values } = await deployment.operator<{ values: Record<string, unknown> }>('GET', `/connections/${desk.connection}/settings`);
    expect(values).toMatchObject({ transportToken: { set: true }, botName: 'Helper' });
    const path = `/connections/${desk.connection}/settings`;
    for (const sites of [['shop.example'], ['https://shop.example/'], ['*'], ['javascript:alert(1)']])
      expect(readRefusal(await deployment.askOperator('PUT', path, { ...values, sites })).errors).toHaveProperty(['sites[0]']);
    expect(readRefusal(await deployment.askOperator('PUT', path, { ...values, botAnswersPerHour: 0 })).errors).toHaveProperty(
      'botAnswersPerHour',
    );
  });

  it('tells visits field by field', async () => {
    const desk = await Desk.open();
    const visitor = newVisitor();
    await desk.page(visitor, {
      url: `${SITE}/sale?utm_source=mail&utm_medium=letter&utm_campaign=spring&page=2#top`,
      title: 'Sale',
      referrer: 'https://mail.example/inbox',
    });
    await desk.page(visitor, { url: `${SITE}/cart`, title: '', referrer: `${SITE}/sale` });
    expect((await desk.beacon({ type: 'link', consent: true, visitor, externalChatId: 'chat-1', externalUserId: 'user-1' })).status).toBe(
      204,
    );
    const visits = await desk.visits('chat-1');
    expect(visits).toEqual({
      lastVisit: {
        source: 'mail',
        createdAt: expect.stringMatching(INSTANT),
        endedAt: expect.stringMatching(INSTANT),
        duration: expect.any(Number),
        pages: [
          {
            dateTime: expect.stringMatching(INSTANT),
            url: `${SITE}/sale?utm_source=mail&utm_medium=letter&utm_campaign=spring&page=2`,
            title: 'Sale',
          },
          { dateTime: expect.stringMatching(INSTANT), url: `${SITE}/cart` },
        ],
      },
      countVisits: 1,
      device: { lang: 'es_MX', browser: 'Chrome 131', os: 'Windows' },
      utm: { source: 'mail', medium: 'letter', campaign: 'spring' },
    });
    const online = (await desk.online('user-1')).lastOnline ?? '';
    expect(online).toMatch(INSTANT);
    expect(Math.abs(Date.parse(online) - Date.now())).toBeLessThan(60_000);

    // Ten minutes later the visit is still open and lasts until now.
    await desk.passMinutes(10);
    const later = (await desk.visits('chat-1')).lastVisit;
    expect(later?.duration).toBeGreaterThanOrEqual(600);
    expect(Math.abs(Date.parse(later?.endedAt ?? '') - Date.now())).toBeLessThan(60_000);
    expect((Date.parse(later?.endedAt ?? '') - Date.parse(later?.createdAt ?? '')) / 1000).toBe(later?.duration);
    // He leaves: it ended then.
    await desk.beacon({ type: 'leave', consent: true, visitor });
    await desk.passMinutes(5);
    const left = (await desk.visits('chat-1')).lastVisit;
    expect(Math.round((Date.now() - Date.parse(left?.endedAt ?? '')) / 60_000)).toBe(5);

    // An hour later: another visit, from another source. The first campaign stays known.
    await desk.passMinutes(60);
    await desk.page(visitor, { url: 'https://m.shop.example/', referrer: 'https://www.search.example/?q=shop' });
    const second = await desk.visits('chat-1');
    expect(second.countVisits).toBe(2);
    expect(second.lastVisit).toMatchObject({ source: 'www.search.example', pages: [{ url: 'https://m.shop.example/', title: 'Shop' }] });
    expect(second.utm).toEqual({ source: 'mail', medium: 'letter', campaign: 'spring' });
  });

  it('identifies a customer by all their browsers, and reveals nothing about other visitors', async () => {
    const desk = await Desk.open();
    const [laptop, phone] = [newVisitor(), newVisitor()];
    await desk.page(laptop, { externalChatId: 'chat-2', externalUserId: 'user-2' });
    await desk.passMinutes(60);
    await desk.page(laptop, {});
    await desk.passMinutes(60);
    await desk.page(
      phone,
      { externalChatId: 'chat-2', lang: 'ru', url: `${SITE}/phone` },
      {
        'user-agent':
          'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      },
    );
    expect(await desk.visits('chat-2')).toMatchObject({
      countVisits: 3,
      lastVisit: { source: 'direct', pages: [{ url: `${SITE}/phone` }] },
      device: { lang: 'ru', browser: 'Safari 17.5', os: 'iOS' },
    });
    expect(await desk.visits('chat-2')).not.toHaveProperty('utm');
    expect(await desk.visits('nobody')).toEqual({ countVisits: 0 });
    expect(await desk.online('nobody')).toEqual({});
    // Of another account nothing is known.
    const other = await Desk.open();
    expect(await other.visits('chat-2')).toEqual({ countVisits: 0 });
    expect(await other.online('user-2')).toEqual({});
  });

  it('keeps nothing without consent, or of browsers that ask not to be tracked', async () => {
    const desk = await Desk.open();
    const visitor = newVisitor();
    const page = { type: 'page', visitor, url: `${SITE}/` };
    expect(readRefusal(await desk.beacon(page))).toMatchObject({
      status: 400,
      errors: { consent: expect.stringContaining('must be true') },
    });
    expect(readRefusal(await desk.beacon({ ...page, consent: false })).errors).toHaveProperty('consent');
    expect((await desk.beacon({ ...page, consent: true }, { dnt: '1' })).status).toBe(204);
    expect((await desk.beacon({ ...page, consent: true }, { 'sec-gpc': '1' })).status).toBe(204);
    // A visitor who is not known is not made by being there.
    expect((await desk.beacon({ type: 'ping', consent: true, visitor })).status).toBe(204);
    expect(readRefusal(await desk.beacon({ type: 'link', consent: true, visitor, externalChatId: 'c' })).status).toBe(404);
    expect(await desk.rows()).toBe(0);
    const reply = await desk.beacon({ ...page, consent: true });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('set-cookie')).toBeNull();
    expect(reply.headers.get('access-control-allow-origin')).toBe(SITE);
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
    expect(await desk.rows()).toBe(1);
    const stored = await deployment.stores.query('SELECT * FROM webvisits_visitor WHERE connection_id = $1', [desk.connection]);
    expect(JSON.stringify(stored)).not.toContain(visitor);
    expect(JSON.stringify(stored)).not.toContain('127.0.0.1');
  });

  it('takes beacons of the shop’s sites only, small ones, and not too many', async () => {
    const desk = await Desk.open();
    const visitor = newVisitor();
    const page = { type: 'page', visitor, consent: true, url: `${SITE}/` };
    expect(readRefusal(await desk.beacon(page, { origin: 'https://evil.example' })).status).toBe(403);
    expect(readRefusal(await desk.beacon({ ...page, url: 'https://evil.example/' })).errors).toHaveProperty('url');
    for (const url of ['', 'nonsense', 'javascript:alert(1)', 'https://shop.example.evil.example/', 'http://shop.example/'])
      expect(readRefusal(await desk.beacon({ ...page, url })).errors).toHaveProperty('url');
    for (const bad of ['', '{', '[]', 'null', '"x"', '1']) expect(readRefusal(await desk.beacon(bad)).status).toBe(400);
    for (const [field, value] of Object.entries({ visitor: 'x', type: 'buy', title: 'x'.repeat(1001), externalChatId: '', signature: 'x' }))
      expect(readRefusal(await desk.beacon({ ...page, [field]: value })).errors).toHaveProperty(field);
    expect(readRefusal(await desk.beacon({ ...page, title: 'x'.repeat(20_000) })).status).toBe(413);
    expect(readRefusal(await desk.beacon(page, {}, '0190a0a0-0000-7000-8000-000000000000')).status).toBe(404);
    expect(readRefusal(await desk.beacon(page, {}, 'nonsense')).status).toBe(404);
    expect(await desk.rows()).toBe(0);
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${deployment.url}/webvisits/visits/${desk.connection}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight(SITE);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    // JSON that a preflight allowed.
    expect((await desk.beacon(page, { 'content-type': 'application/json' })).status).toBe(204);
    const flood = { 'x-forwarded-for': '198.51.100.1' };
    const many = await Promise.all(Array.from({ length: 150 }, () => desk.beacon({ type: 'ping', consent: true, visitor }, flood)));
    const refused = many.filter((reply) => reply.status !== 204);
    expect(refused.length).toBeGreaterThan(20);
    // 503 on a machine that cannot store this many at the same time.
    expect(refused.filter((reply) => reply.status !== 429 && reply.status !== 503)).toEqual([]);
    expect(refused.find((reply) => reply.status === 429)?.headers.get('retry-after')).toBe('60');
  });

  it('counts strangers against their address only, whatever connections they name', async () => {
    const desk = await Desk.open();
    const stranger = { 'x-forwarded-for': '2001:db8:7:7::1' };
    const statuses: number[] = [];
    for (let index = 0; index < 125; index++)
      statuses.push((await desk.beacon({ type: 'ping' }, stranger, `0190a0a0-0000-7000-8000-${String(index).padStart(12, '0')}`)).status);
    expect(statuses.map((status) => status === 404)).toEqual(Array.from({ length: 125 }, (_, index) => index < 120));
    expect(statuses.slice(120)).toEqual([429, 429, 429, 429, 429]);
    await desk.page(newVisitor());
  });

  it('makes one visit of tabs that open at the same time, and bounds what is kept of one', async () => {
    const desk = await Desk.open();
    const visitor = newVisitor();
    await Promise.all(Array.from({ length: 20 }, (_, index) => desk.page(visitor, { url: `${SITE}/${index}`, externalChatId: 'tabs' })));
    const visits = await desk.visits('tabs');
    expect(visits.countVisits).toBe(1);
    expect(new Set(visits.lastVisit?.pages.map((page) => page.url)).size).toBe(20);
    await deployment.stores.query('UPDATE webvisits_visit SET pages = 200 WHERE connection_id = $1', [desk.connection]);
    await desk.page(visitor, { url: `${SITE}/beyond` });
    expect((await desk.visits('tabs')).lastVisit?.pages).toHaveLength(20);
  });

  it('believes country and city of a trusted proxy’s headers only', async () => {
    const desk = await Desk.open({ countryHeader: 'CF-IPCountry', cityHeader: 'cf-ipcity' });
    const place = { 'cf-ipcountry': 'MX', 'cf-ipcity': encodeURIComponent('Mérida') };
    await desk.page(newVisitor(), { externalChatId: 'direct' }, place);
    expect(await desk.visits('direct')).not.toHaveProperty('country');
    expect(await desk.visits('direct')).not.toHaveProperty('city');
    await desk.page(newVisitor(), { externalChatId: 'proxied' }, { ...place, 'x-forwarded-for': '203.0.113.9' });
    // In the account's language.
    expect(await desk.visits('proxied')).toMatchObject({ country: 'Мексика', city: 'Mérida' });
  });

  it('believes a chat only with its signature where a key is set', async () => {
    const linkKey = 'a-key-for-chats-of-the-shop';
    const desk = await Desk.open({ linkKey });
    const visitor = newVisitor();
    await desk.page(visitor);
    const link = { type: 'link', consent: true, visitor, externalChatId: 'chat-9', externalUserId: 'user-9' };
    expect(readRefusal(await desk.beacon(link)).status).toBe(403);
    expect(readRefusal(await desk.beacon({ ...link, signature: '0'.repeat(64) })).status).toBe(403);
    const signature = createHmac('sha256', linkKey).update('chat-9\nuser-9').digest('hex');
    expect(readRefusal(await desk.beacon({ ...link, externalChatId: 'chat-10', signature })).status).toBe(403);
    expect((await desk.beacon({ ...link, signature })).status).toBe(204);
    expect((await desk.visits('chat-9')).countVisits).toBe(1);
  });

  it('forgets a visitor on their own request or the shop’s, and keeps no trace', async () => {
    const desk = await Desk.open();
    const [first, second] = [newVisitor(), newVisitor()];
    await desk.page(first, { externalChatId: 'a' });
    await desk.page(second, { externalChatId: 'b', externalUserId: 'ub' });
    expect((await desk.beacon({ type: 'erase', visitor: first })).status).toBe(204);
    expect(await desk.visits('a')).toEqual({ countVisits: 0 });
    const list = await deployment.operator<{ items: object[]; total: number }>('GET', `/visitors?connection=${desk.connection}`);
    expect(list).toMatchObject({ total: 1, items: [{ chats: ['b'], users: ['ub'], visits: 1, browser: 'Chrome 131' }] });
    expect(await deployment.operator('GET', `/visitors?connection=${desk.connection}&page=2`)).toEqual({ items: [], total: 1 });
    const erase = (body: object): Promise<Reply> => deployment.askOperator('POST', '/visitors/erase', body);
    expect(readRefusal(await erase({ connection: desk.connection })).status).toBe(400);
    expect(readRefusal(await erase({ connection: 'nonsense', externalChatId: 'b' })).status).toBe(404);
    expect((await deployment.askOperator('POST', '/visitors/erase', {}, 'wrong')).status).toBe(401);
    expect((await erase({ connection: desk.connection, externalUserId: 'ub' })).json).toEqual({ erased: 1 });
    expect((await erase({ connection: desk.connection, externalUserId: 'ub' })).json).toEqual({ erased: 0 });
    expect(await desk.rows()).toBe(0);
    const left = await deployment.stores.query('SELECT 1 FROM webvisits_visit WHERE connection_id = $1', [desk.connection]);
    expect(left).toEqual([]);
  });

  it('names a visitor’s customer and order to the CRM, and nothing without the shop’s consent', async () => {
    const [silent, desk] = [await Desk.open(), await Desk.open({ sendVisits: true, siteCodes: [{ address: SITE, code: 'shop' }] })];
    const { crm } = desk.account;
    crm.context.insert('customers', { externalId: 'shop-customer-1', site: 'shop' });
    crm.context.insert('orders', { number: '1001C', site: 'shop' });
    const visitor = newVisitor();
    await desk.page(visitor, { url: `${SITE}/?utm_source=mail&utm_campaign=spring` });
    const customer = { type: 'customer', consent: true, visitor, externalId: 'shop-customer-1' };
    const order = { type: 'order', consent: true, visitor, number: '1001C' };
    await silent.page(visitor);
    for (const one of [silent, desk]) expect((await one.beacon(customer)).status).toBe(204);
    expect(await deployment.stores.query('SELECT 1 FROM webvisits_link WHERE connection_id = $1', [silent.connection])).toEqual([]);
    expect((await desk.beacon(order)).status).toBe(204);
    expect((await desk.beacon(order)).status).toBe(204);
    const listUploaded = (method: string, field: string): object[] =>
      crm.listCarriedOut<object[]>(`webAnalytics.${method}`, field).flatMap(({ value }) => value);
    await until('the CRM has both', () => listUploaded('sourcesUpload', 'sources').length === 2, 30_000);
    const [{ id }] = (await deployment.stores.query('SELECT id FROM webvisits_visitor WHERE connection_id = $1', [desk.connection])) as [
      { id: string },
    ];
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(listUploaded('clientIdsUpload', 'clientIds')).toEqual([
      { value: id, createdAt: time, customer: { externalId: 'shop-customer-1' }, site: 'shop' },
      { value: id, createdAt: time, order: { number: '1001C' }, site: 'shop' },
    ]);
    expect(listUploaded('sourcesUpload', 'sources')).toEqual([
      { source: 'mail', campaign: 'spring', customer: { externalId: 'shop-customer-1' }, site: 'shop' },
      { source: 'mail', campaign: 'spring', order: { number: '1001C' }, site: 'shop' },
    ]);
    for (const [name, body] of Object.entries({
      number: { ...order, number: undefined },
      externalId: { ...customer, externalId: undefined },
    }))
      expect(readRefusal(await desk.beacon(body)).errors).toHaveProperty([name]);
    expect(readRefusal(await desk.beacon({ ...order, visitor: newVisitor() })).status).toBe(404);
  });

  it(
    'reports visits that have ended, and deletes what is older than the settings allow',
    async () => {
      const other = await Deployment.start({ backend, crms, workers: 0, variables: { MODULES: 'webvisits' } });
      try {
        const known = await Desk.open({ sendVisits: true, siteCodes: [{ address: SITE, code: 'shop' }] }, other);
        known.account.crm.context.insert('customers', { externalId: 'c-1', site: 'shop' });
        const buyer = newVisitor();
        await known.page(buyer, { url: `${SITE}/a`, title: 'A' });
        await known.page(buyer, { url: `${SITE}/b`, title: 'B' });
        await known.page(buyer, { url: `${SITE}/a`, title: 'A' });
        expect((await known.beacon({ type: 'customer', consent: true, visitor: buyer, externalId: 'c-1' })).status).toBe(204);
        await known.page(newVisitor(), { url: `${SITE}/nobody` });
        await known.passMinutes(40);
        const desk = await Desk.open({ retentionDays: 1 }, other);
        const back = newVisitor();
        await desk.page(newVisitor(), { externalChatId: 'old' });
        await desk.page(back, { externalChatId: 'back', url: `${SITE}/old` });
        await desk.passMinutes(25 * 60);
        await desk.page(back, { url: `${SITE}/new` });
        expect(await desk.rows()).toBe(2);
        await other.startWorker();
        const listVisits = (): object[] =>
          known.account.crm.listCarriedOut<object[]>('webAnalytics.visitsUpload', 'visits').flatMap(({ value }) => value);
        await until('the CRM has the visit', () => listVisits().length > 0, 60_000);
        expect(listVisits()).toEqual([
          {
            clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            site: 'shop',
            createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
            pageViews: 3,
            landingPage: `${SITE}/a`,
            exitPage: `${SITE}/a`,
            pages: [
              { url: `${SITE}/a`, title: 'A', countViews: 2, timeOnPage: expect.any(Number) },
              { url: `${SITE}/b`, title: 'B', countViews: 1, timeOnPage: expect.any(Number) },
            ],
          },
        ]);
        await until('what is too old is gone', async () => (await desk.rows()) === 1, 60_000);
        expect(await desk.visits('old')).toEqual({ countVisits: 0 });
        expect(await desk.visits('back')).toMatchObject({ countVisits: 2, lastVisit: { pages: [{ url: `${SITE}/new` }] } });
        const pages = 'SELECT url FROM webvisits_page p JOIN webvisits_visit v ON v.id = p.visit_id WHERE v.connection_id = $1';
        expect(await other.stores.query(pages, [desk.connection])).toEqual([{ url: `${SITE}/new` }]);
      } finally {
        await other.stop();
      }
    },
    START_MS,
  );

  (browserPath === undefined ? it.skip : it)('sees a visitor with a real browser, from their consent until they leave', async () => {
    const site = createServer((request, response) => {
      const tag = `<script src="${deployment.url}/webvisits/visits.js?connection=${desk.connection}" async`;
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><link rel="icon" href="data:,"><title>Page ${request.url}</title>
        ${tag}${request.url === '/agreed' ? ' data-consent="granted"' : ''}></script>`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const desk = await Desk.open({ sites: [origin] });
    const browserOfVisitor = await startBrowser();
    try {
      const page = await browserOfVisitor.newPage({ locale: 'es-MX' });
      const sent: string[] = [];
      page.on('request', (request) => request.url().includes('/webvisits/visits/') && sent.push(request.postData() ?? ''));
      const open = async (path: string): Promise<void> => {
        await page.goto(origin + path);
        await page.waitForFunction('typeof siteVisits === "function"');
      };
      await open('/?utm_source=mail');
      await page.evaluate(`siteVisits('chat', { externalChatId: 'browser', externalUserId: 'reader' })`);
      expect(await page.evaluate('localStorage.length')).toBe(0);
      await open('/agreed');
      await page.evaluate(`siteVisits('chat', { externalChatId: 'browser', externalUserId: 'reader' })`);
      const seen = await until('the chat is known', async () => {
        const visits = await desk.visits('browser');
        return visits.countVisits > 0 && visits;
      });
      expect(seen).toMatchObject({
        countVisits: 1,
        lastVisit: { source: 'direct', pages: [{ url: `${origin}/agreed`, title: 'Page /agreed' }] },
        device: { lang: 'es_MX', browser: expect.stringMatching(/^Chrome \d+$/) },
      });
      expect((await desk.online('reader')).lastOnline).toMatch(INSTANT);
      // Before the visitor agreed, nothing about the page was sent and no cookie was set.
      expect(sent.map((beacon) => (JSON.parse(beacon) as { type: string }).type)).toEqual(['page', 'link']);
      expect(await page.context().cookies()).toEqual([]);
      await page.goto('about:blank');
      await until('his leaving is known', async () => {
        const rows = await deployment.stores.query<{ ended: boolean }>('SELECT ended FROM webvisits_visit WHERE connection_id = $1', [
          desk.connection,
        ]);
        return rows[0]?.ended;
      });
      await open('/agreed');
      await page.evaluate(`siteVisits('erase')`);
      await until('he is forgotten', async () => (await desk.rows()) === 0);
      expect(await page.evaluate('localStorage.length')).toBe(0);
    } finally {
      await browserOfVisitor.close();
      site.close();
      site.closeAllConnections();
    }
  });

  it('refuses callbacks as the contract requires', async () => {
    const desk = await Desk.open();
    expect(readRefusal(await desk.call('online', {}))).toMatchObject({ status: 400, errors: { externalUserId: 'is required' } });
    expect(readRefusal(await desk.call('visits', {}))).toMatchObject({ status: 400, errors: { externalChatId: 'is required' } });
    expect(readRefusal(await desk.call('visits', { externalChatId: 'x' }, 'nobody')).status).toBe(403);
    expect(readRefusal(await deployment.send('/webvisits/callbacks/chat/visits?externalChatId=x')).errors).toHaveProperty('clientId');
    // The query's clientId is understood too.
    expect((await desk.account.get('/chat/visits', { externalChatId: 'x' })).status).toBe(200);
    await desk.account.activity(false, false);
    expect(readRefusal(await desk.call('visits', { externalChatId: 'x' })).status).toBe(403);
    await until('its beacons are refused too', async () => {
      const reply = await desk.beacon({ type: 'page', consent: true, visitor: newVisitor(), url: `${SITE}/` });
      return reply.status === 403;
    });
  });

  it('serves a script that sends nothing before the visitor agrees, nor when the browser opts out', async () => {
    const reply = await deployment.send('/webvisits/visits.js?connection=c');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await deployment.send('/webvisits/visits.js', { headers: { 'if-none-match': reply.headers.get('etag') ?? '' } })).status).toBe(
      304,
    );
    expect((await deployment.send('/nothing/visits.js')).status).toBe(404);
    const source = reply.bytes.toString('utf8');
    expect(source).not.toMatch(/document\.cookie/);
    const quiet = browser(source);
    await quiet.settle();
    expect(quiet.sent).toEqual([]);
    expect(quiet.storage.size).toBe(0);
    quiet.call('consent', true);
    quiet.call('chat', { externalChatId: 'chat-1', externalUserId: 'user-1' });
    await quiet.settle();
    expect(quiet.sent.map(({ url, body }) => [url, body['type']])).toEqual([
      ['https://module.example/webvisits/visits/c', 'page'],
      ['https://module.example/webvisits/visits/c', 'link'],
    ]);
    expect(quiet.sent[0]?.body).toMatchObject({
      consent: true,
      url: `${SITE}/x?a=1`,
      title: 'Title',
      lang: 'es-ES',
      visitor: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(quiet.storage.size).toBe(1);
    quiet.call('erase');
    await quiet.settle();
    expect(quiet.sent.at(-1)?.body).toMatchObject({ type: 'erase', visitor: quiet.sent[0]?.body['visitor'] });
    expect(quiet.storage.size).toBe(0);
    quiet.call('page');
    await quiet.settle();
    expect(quiet.sent).toHaveLength(3);
    for (const navigator of [{ globalPrivacyControl: true }, { doNotTrack: '1' }]) {
      const opted = browser(source, navigator);
      opted.call('consent', true);
      await opted.settle();
      expect(opted.sent).toEqual([]);
      expect(opted.storage.size).toBe(0);
    }
  });
});

/** As much of a browser as the script touches. */
function browser(source: string, navigator: object = {}) {
  const sent: { url: string; body: Record<string, unknown> }[] = [];
  const storage = new Map<string, string>();
  const window: { siteVisits?: (name: string, value?: unknown) => void } = {};
  runInNewContext(source, {
    window,
    URL,
    crypto: globalThis.crypto,
    Uint8Array,
    location: { href: `${SITE}/x?a=1` },
    document: {
      currentScript: { src: 'https://module.example/webvisits/visits.js?connection=c', getAttribute: () => null },
      title: 'Title',
      referrer: '',
      visibilityState: 'visible',
      addEventListener: () => undefined,
    },
    navigator: { language: 'es-ES', ...navigator },
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
    },
    addEventListener: () => undefined,
    setInterval: () => 0,
    fetch: (url: string, init: { body: string; credentials: string }) => {
      expect(init.credentials).toBe('omit');
      sent.push({ url, body: JSON.parse(init.body) as Record<string, unknown> });
      return Promise.resolve();
    },
  });
  return {
    sent,
    storage,
    call: (name: string, value?: unknown) => window.siteVisits?.(name, value),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
