import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

interface Heard {
  event: string;
  data: Record<string, unknown>;
}

let deployment: Deployment;
let account: Account;
let id: string;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 1, apart: true });
  account = await Account.connect(deployment, deployment.nextCrm());
  ({ id } = await deployment.getConnection(account.crm));
}, START_MS);
afterAll(() => deployment?.stop());

/** A page that listens. */
class Page {
  readonly heard: Heard[] = [];
  isOver = false;

  private constructor(
    readonly reply: Response,
    private readonly leaving: AbortController,
  ) {}

  static async open(
    headers: Record<string, string> = { authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN ?? ''}` },
  ): Promise<Page> {
    const leaving = new AbortController();
    const page = new Page(await fetch(`${deployment.url}/operator/api/live`, { headers, signal: leaving.signal }), leaving);
    void page.read();
    return page;
  }

  leave(): void {
    this.leaving.abort();
  }

  hears(event: string): Promise<Heard['data']> {
    return until(`${event} is heard`, () => this.heard.find((one) => one.event === event)?.data);
  }

  private async read(): Promise<void> {
    let text = '';
    try {
      for await (const chunk of this.reply.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString();
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
          if (event !== undefined && data !== undefined) this.heard.push({ event, data: JSON.parse(data) as Heard['data'] });
        }
      }
    } catch {
      // The server closed the stream, or we did.
    }
    this.isOver = true;
  }
}

describe('the live stream', () => {
  it('sends changes to all listeners', async () => {
    const pages = [await Page.open(), await Page.open()];
    for (const { reply } of pages) {
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/event-stream')]);
      expect(reply.headers.get('cache-control')).toBe('no-store');
    }
    for (const page of pages) expect(await page.hears('overview')).toMatchObject({ connections: { ok: 1 } });
    await deployment.operator('POST', `/connections/${id}/freeze`);
    for (const page of pages)
      expect(await page.hears('health')).toMatchObject({ more: false, changes: [{ connection: id, from: 'ok', to: 'frozen' }] });
    await deployment.stores.query(
      `INSERT INTO outbox (connection_id, kind, subject, payload, state, failed_at) VALUES ($1, 'delivery.tracking', 'live', '{}', 'failed', now())`,
      [id],
    );
    expect(await pages[0]?.hears('failures')).toMatchObject({ outbox: 1, inbox: 0, operations: 0 });
    await deployment.operator('POST', '/failures/discard', { what: 'outbox', kind: 'delivery.tracking' });
    for (const page of pages) expect(await page.hears('tasks')).toMatchObject({ items: [{ kind: 'failures.discard' }] });
    await until('the task’s end is heard', () => pages[0]?.heard.some(({ data }) => JSON.stringify(data).includes('"state":"done"')));
    for (const page of pages) page.leave();
    await deployment.operator('POST', `/connections/${id}/unfreeze`);
  });

  it('is for operators, and for a limited number', async () => {
    const refused = await fetch(`${deployment.url}/operator/api/live`);
    expect(refused.status).toBe(401);
    const pages = await Promise.all(Array.from({ length: 20 }, () => Page.open()));
    const full = await deployment.askOperator('GET', '/live');
    expect(readRefusal(full).status).toBe(429);
    for (const page of pages) page.leave();
    const again = await until('there is room again', async () => {
      const page = await Page.open();
      return page.reply.status === 200 && page;
    });
    again.leave();
  });

  it('ends with the session', async () => {
    const signedIn = await fetch(`${deployment.url}/operator/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: deployment.url },
      body: JSON.stringify({ token: deployment.variables.OPERATOR_TOKEN }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await Page.open({ cookie });
    await page.hears('overview');
    expect(page.isOver).toBe(false);
    await fetch(`${deployment.url}/operator/api/session`, { method: 'DELETE', headers: { cookie, origin: deployment.url } });
    await until('the stream ends', () => page.isOver, 30_000);
  });

  it('does not hold up the end of the process', async () => {
    const page = await Page.open();
    await page.hears('overview');
    const began = performance.now();
    await deployment.stopApi();
    expect(performance.now() - began).toBeLessThan(8_000);
    await until('the stream is over', () => page.isOver);
  });
});
