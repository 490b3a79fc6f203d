import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { type CrmClient, ServerError, ValidationError } from '#crm-client';
import type { OutboxEntry } from '#outbox';
import { AnalyticsPacker, type AnalyticsPayload } from './analytics.packer.js';

const connection = { id: 'c', account: { timeZone: 'Europe/Madrid' } } as Connection;
const signal = new AbortController().signal;
const target = { order: { number: '1001C' } };
const at = '2026-11-24T23:30:00.000Z';
const clientId: AnalyticsPayload = { type: 'clientId', target, at, site: 'shop' };
const source: AnalyticsPayload = { type: 'source', target, source: 'mail', medium: 'letter', site: 'shop' };
const visit: AnalyticsPayload = {
  type: 'visit',
  startedAt: at,
  site: 'shop',
  pageViews: 3,
  pages: [{ url: 'https://shop.example/', title: 'Shop', views: 2, time: 1500 }],
  landingPage: 'https://shop.example/',
  exitPage: 'https://shop.example/',
};

function entry(payload: AnalyticsPayload, id: number): OutboxEntry<AnalyticsPayload> {
  return { id: String(id), subject: `visitor-${id}`, payload };
}

/** A client that records uploads, or fails with an error. */
function createCrm(failure?: Error): { crm: CrmClient; calls: [string, unknown][] } {
  const calls: [string, unknown][] = [];
  const upload = (name: string) => (request: unknown) => {
    calls.push([name, request]);
    return failure ? Promise.reject(failure) : Promise.resolve({ success: true });
  };
  const webAnalytics = { clientIdsUpload: upload('clientIds'), sourcesUpload: upload('sources'), visitsUpload: upload('visits') };
  return { crm: { webAnalytics } as unknown as CrmClient, calls };
}

describe('web analytics', () => {
  const packer = new AnalyticsPacker();

  it('contain one type per call, so that a client id arrives before the visits that need it', () => {
    const entries = [clientId, clientId, source, visit].map(entry);
    expect([packer.take(entries), packer.take(entries.slice(2)), packer.take(entries.slice(3))]).toEqual([2, 1, 1]);
    expect(packer.take(Array.from({ length: 120 }, (_, n) => entry(visit, n)))).toBe(50);
    expect(packer.take(Array.from({ length: 120 }, (_, n) => entry(source, n)))).toBe(100);
  });

  it.each([
    [clientId, 'clientIds', { value: 'visitor-0', createdAt: '2026-11-25 00:30:00', ...target, site: 'shop' }],
    [source, 'sources', { source: 'mail', medium: 'letter', ...target, site: 'shop' }],
    [
      visit,
      'visits',
      {
        clientId: 'visitor-0',
        site: 'shop',
        createdAt: '2026-11-25 00:30:00',
        pageViews: 3,
        landingPage: 'https://shop.example/',
        exitPage: 'https://shop.example/',
        pages: [{ url: 'https://shop.example/', title: 'Shop', countViews: 2, timeOnPage: 1500 }],
      },
    ],
  ])('send a %o', async (payload, field, item) => {
    const { crm, calls } = createCrm();
    await packer.send(crm, connection, [entry(payload, 0)], signal);
    expect(calls).toEqual([[field, { [field]: [item] }]]);
  });

  it('are not sent again when the CRM took a part of them', async () => {
    const details = { outcome: 'not_executed' } as never;
    const partly = new ValidationError('Part of the visits are not uploaded', details, {}, { failedVisits: [{ site: 'shop' }] });
    await expect(packer.send(createCrm(partly).crm, connection, [entry(visit, 0)], signal)).resolves.toBeUndefined();
    for (const failure of [new ValidationError('no', details, {}, {}), new ServerError('down', details)])
      await expect(packer.send(createCrm(failure).crm, connection, [entry(visit, 0)], signal)).rejects.toBe(failure);
  });
});
