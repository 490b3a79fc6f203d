import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { repeatText } from '#platform';
import type { EmbedRequest } from '#widgets';
import type { DeliveryEntity, DeliveryStatusEntity } from '../delivery.entity.js';
import type { DeliveryManifest } from '../port/index.js';
import { buildBadge, buildView, listActions, type OpenedDelivery } from './delivery-view.js';

const NOW = new Date('2026-12-01T12:00:00Z');
const MINUTE_MS = 60_000;

const manifest = {
  code: 'acme',
  statuses: [
    { code: 'new', name: repeatText('Registering'), isPreprocessing: true },
    { code: 'way', name: { en: 'On its way', es: 'En camino', ru: 'В пути' } },
    { code: 'lost', name: repeatText('Lost'), isError: true },
    { code: 'done', name: repeatText('Delivered'), isFinal: true },
  ],
  forms: [
    { entity: 'order', code: 'label', label: repeatText('Label') },
    { entity: 'shipment', code: 'list', label: repeatText('List') },
  ],
  trackUrl: 'https://acme.example/t?n={track}',
  title: repeatText('Acme'),
} as unknown as DeliveryManifest<object>;

const connection = {
  account: { timeZone: 'Europe/Moscow', language: 'ru' },
  problems: {},
  module: { manifest },
} as unknown as Connection;

const row = {
  ...{ id: 'd-1', order: '214', orderNumber: '214C', status: 'way', statusAt: new Date('2026-12-01T10:00:00Z'), outside: true },
  ...{ trackNumber: 'A 1/2', costMinor: '35000', costCurrency: 'RUB', deletedAt: null, unansweredAt: null },
  ...{ pollAt: new Date(NOW.getTime() + MINUTE_MS), extraData: {} },
  request: {
    parcels: [{ weight: 1500, length: 300, width: 200, height: 105, items: [{}, {}] }],
    to: { city: 'Москва', street: 'ул. Тверская', building: '7' },
    extraData: {},
  },
} as unknown as DeliveryEntity;

const history = [
  // Received last, and older.
  { code: 'new', updatedAt: row.statusAt, reportedAt: new Date(row.statusAt.getTime() - 3_600_000), comment: null },
  { code: 'way', updatedAt: row.statusAt, comment: 'Left the hub' },
  { code: 'new', updatedAt: row.statusAt, comment: null },
] as unknown as DeliveryStatusEntity[];

function open(changes: Partial<DeliveryEntity> = {}, more: Partial<OpenedDelivery> = {}): OpenedDelivery {
  return {
    ...{ row: { ...row, ...changes }, operation: undefined, history, connection, manifest, now: NOW },
    ...{ able: { track: true, print: true, cancel: true }, allowed: new Set<string>() },
    ...more,
  };
}
const request = (order: Partial<EmbedRequest['order']> = {}): EmbedRequest => ({ version: 1, order: { id: 214, ...order } });
const alertsOf = (opened: OpenedDelivery, asked = request()): string[] => buildView(opened, asked, 'en').alerts.map(({ text }) => text);
const actionsOf = (opened: OpenedDelivery): string[] => listActions(opened, 'en').map(({ action }) => action);

it("links the track number to the page in the carrier's reply, otherwise to that of the manifest", () => {
  const linkOf = (opened: OpenedDelivery): string | undefined =>
    buildView(opened, request(), 'en').sections[0]?.rows.find(({ text }) => text === 'A 1/2')?.href;
  const trackUrl = 'https://track.example/A';
  expect([linkOf(open({ details: { trackUrl } })), linkOf(open())]).toEqual([trackUrl, 'https://acme.example/t?n=A%201%2F2']);
});

it('shows collected money, parcels that come back, and the items taken', () => {
  const details = {
    collected: { currency: 'RUB', total: 1_500_00 },
    delivered: [{ parcel: 0, item: 1, quantity: 1 }],
    parcels: [{ trackNumber: 'P-1' }],
    related: [{ kind: 'return', externalId: 'R-1', state: 'going' }],
  } as const;
  const parcel = { weight: 1500, items: [{ quantity: 2 }, { quantity: 3 }] };
  const given = open({ details, request: { ...row.request, parcels: [parcel] } as unknown as DeliveryEntity['request'] });
  const rows = buildView(given, request(), 'en').sections.flatMap((section) => section.rows.map(({ label, text }) => `${label}: ${text}`));
  expect(rows).toEqual(
    expect.arrayContaining([
      ...['Collected from the buyer: RUB\u00a01,500.00', 'Return: R-1, going back to the shop'],
      'Parcel 1: 1.5 kg, lines: 2, taken: 1 of 5, P-1',
    ]),
  );
});

describe('the button', () => {
  it.each([
    ['way', { text: 'On its way', tone: 'plain' }],
    ['done', { text: 'Delivered', tone: 'good' }],
    ['lost', { text: 'Lost', tone: 'bad' }],
    ['unheard', { text: 'unheard', tone: 'plain' }],
  ])('has the state %s', (status, badge) => {
    expect(buildBadge({ row: { ...row, status }, operation: undefined }, manifest, 'en')).toEqual(badge);
  });

  it('is red for a rejection, also before there is a delivery, and absent without either', () => {
    const operation = { state: 'refused', error: 'no such street' } as const;
    for (const one of [row, undefined]) expect(buildBadge({ row: one, operation }, manifest, 'en')?.tone).toBe('bad');
    expect(buildBadge({ row: undefined, operation: undefined }, manifest, 'en')).toBeNull();
    expect(buildBadge({ row, operation: { ...operation, state: 'unknown' } }, manifest, 'ru')).toEqual({
      text: 'Проверяется',
      tone: 'warning',
    });
    expect(buildBadge({ row: { ...row, unansweredAt: NOW }, operation: undefined }, manifest, 'en')?.tone).toBe('bad');
  });
});

describe('the sidebar', () => {
  it('has times in the account’s zone, the number with its link, parcels in people’s units', () => {
    const view = buildView(open(), request(), 'en');
    expect(view).toMatchObject({ title: 'Delivery of order 214C', state: 'On its way', age: 'as of Dec 1, 2026, 13:00, 2 hours ago' });
    const [shipment, times, parcels] = view.sections;
    expect(shipment?.rows.slice(0, 2)).toEqual([
      { label: 'Tracking number', text: 'A 1/2', copy: true, href: 'https://acme.example/t?n=A%201%2F2' },
      { label: 'Cost at the carrier', text: 'RUB\u00a0350.00' },
    ]);
    expect(times?.rows.map(({ label, text }) => [label, text])).toEqual([
      ['Dec 1, 2026, 13:00', 'On its way. Left the hub'],
      ['Dec 1, 2026, 13:00', 'Registering'],
      ['Dec 1, 2026, 12:00', 'Registering'],
    ]);
    expect(parcels?.rows).toEqual([{ label: 'Parcel 1', text: '1.5 kg, 30 × 20 × 10.5 cm, lines: 2' }]);
    expect(buildView(open(), request(), 'es').state).toBe('En camino');
  });

  it('states the last error with what to do', () => {
    const refused = open({}, { operation: { state: 'refused', error: 'the street is unknown' } });
    expect(buildView(refused, request(), 'en').alerts).toEqual([
      { tone: 'bad', text: expect.stringContaining('the street is unknown'), advice: expect.stringContaining('Correct the order') },
    ]);
  });

  it('warns of another address, but not if one is missing or the parcel goes to a point', () => {
    const other = request({ address: 'Казань, ул. Баумана, 1' });
    expect(alertsOf(open(), other)).toEqual([expect.stringContaining('differs')]);
    expect(alertsOf(open(), request())).toEqual([]);
    expect(alertsOf(open({ request: { ...row.request, to: { terminal: 'M1' } } }), other)).toEqual([]);
    expect(alertsOf(open({ request: { parcels: [], extraData: {} } as unknown as DeliveryEntity['request'] }), other)).toEqual([]);
  });

  it('warns of a status older than a poll, and of a carrier that does not answer', () => {
    expect(alertsOf(open({ pollAt: new Date(NOW.getTime() - 19 * MINUTE_MS) }))).toEqual([]);
    expect(alertsOf(open({ pollAt: new Date(NOW.getTime() - 21 * MINUTE_MS) }))).toEqual([expect.stringContaining('out of date')]);
    const away = (key: string): Connection => ({ ...connection, problems: { [key]: { since: '2026-12-01T09:00:00Z', reason: '' } } });
    for (const key of ['service-away', 'service-away:acme', 'service-away:acme#line'])
      expect(alertsOf(open({}, { connection: away(key) }))).toEqual([expect.stringContaining('since Dec 1, 2026, 12:00')]);
    expect(alertsOf(open({}, { connection: away('service-away:other') }))).toEqual([]);
  });
});

describe('the actions', () => {
  it('are allowed by the stored state and the shop', () => {
    expect(actionsOf(open())).toEqual(['check', 'print.label']);
    expect(actionsOf(open({}, { allowed: new Set(['cancel']) }))).toEqual(['check', 'print.label', 'cancel']);
    expect(actionsOf(open({ status: 'done' }, { allowed: new Set(['cancel']) }))).toEqual(['print.label']);
    expect(actionsOf(open({ status: 'new' }))).toEqual(['check']);
    expect(actionsOf(open({ outside: false }))).toEqual(['print.label']);
    expect(actionsOf(open({ deletedAt: NOW }, { allowed: new Set(['cancel']) }))).toEqual([]);
  });
});
