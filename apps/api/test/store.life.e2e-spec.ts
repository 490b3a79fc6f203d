import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, postForm, readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { findProblems, type ImportReport, pack, StockDesk, STORE_SCOPES, type WirePack, writeCsv } from './support/stock-desk.js';
import { until } from './support/until.js';

let deployment: Deployment;

afterEach(() => {
  for (const crm of deployment.crms) crm.recover();
  expect(deployment.complaints()).toEqual([]);
});

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 26, variables: { MODULES: 'ledger,courier' } });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
});

describe('registration', () => {
  it('names the callbacks, and when the CRM calls them as the settings say', async () => {
    const desk = await StockDesk.open(deployment);
    expect((await deployment.send('/ledger/config')).json).toMatchObject({ scopes: [...STORE_SCOPES, 'reference_read'] });
    const { account } = desk;
    expect(account.registration.integrations).toEqual({
      embedJs: expect.objectContaining({ runner: 'worker' }),
      store: {
        actions: [
          { code: 'inventoriesUpload', url: '/store/inventories-upload', callPoints: [] },
          { code: 'inventoriesActualize', url: '/store/inventories-actualize', callPoints: [] },
        ],
      },
    });
    await desk.configure({ uploadCallPoints: ['order-open', 'list'], actualizeCallPoints: ['pack-save'] });
    expect(account.registration.integrations?.store?.actions?.map((action) => action.callPoints)).toEqual([
      ['order-open', 'list'],
      ['pack-save'],
    ]);
  });

  it('refuses settings that do not fit together', async () => {
    const desk = await StockDesk.open(deployment);
    const reply = await deployment.askOperator('PUT', `/connections/${desk.connection}/settings`, {
      allowNegative: false,
      stores: [{ code: 'a' }, { code: 'a' }],
      mainStore: 'b',
    });
    expect(readRefusal(reply)).toMatchObject({
      status: 400,
      errors: { 'stores[1].code': expect.any(String), mainStore: expect.any(String) },
    });
  });
});

describe('inventoriesUpload', () => {
  let desk: StockDesk;
  beforeAll(async () => {
    desk = await StockDesk.open(deployment);
    await desk.import(
      [
        'id,xmlId,externalId,site,store,quantity,purchasePrice',
        '101,x1,e1,,main,5,99.90',
        '101,x1,e1,,shop,0.25,',
        '102,x2,e2,,main,7,10',
        ',x3,e3,,main,1,',
        ',,e4,ru,main,4,',
        ',,e4,es,main,40,',
      ].join('\n'),
    );
  });

  it('returns the stock of each warehouse with its purchase price, under the requested identifiers', async () => {
    expect(await desk.ask([{ id: 101 }, { xmlId: 'x3' }])).toEqual([
      {
        id: 101,
        stores: [
          { code: 'main', available: 5, purchasePrice: 99.9 },
          { code: 'shop', available: 0.25 },
        ],
      },
      { xmlId: 'x3', stores: [{ code: 'main', available: 1 }] },
    ]);
  });

  it('searches by id, then xmlId, then externalId', async () => {
    const asked = [
      { id: 101, xmlId: 'x2', externalId: 'e3' },
      { id: 999, xmlId: 'x2', externalId: 'e3' },
      { id: 999, xmlId: 'nosuch', externalId: 'e3' },
      { xmlId: 'x1', externalId: 'e2' },
      { externalId: 'e2' },
    ];
    const offers = await desk.ask(asked);
    expect(offers.map(({ stores: _, ...names }) => names)).toEqual(asked);
    expect(offers.map((offer) => offer.stores?.[0]?.available)).toEqual([5, 7, 1, 5, 7]);
  });

  it('takes an externalId as its site means it', async () => {
    const offers = await desk.ask([
      { externalId: 'e4', site: 'es' },
      { externalId: 'e4', site: 'ru' },
      { externalId: 'e4', site: 'mx' },
      { externalId: 'e1', site: 'ru' },
    ]);
    expect(offers.map((offer) => [offer.site, offer.stores?.[0]?.available])).toEqual([
      ['es', 40],
      ['ru', 4],
      ['ru', 5],
    ]);
  });

  it('leaves out what it does not know, and answers nothing to nothing', async () => {
    expect(await desk.ask([{ id: 1 }, { xmlId: 'x2' }, { externalId: '101' }])).toHaveLength(1);
    expect(await desk.ask([])).toEqual([]);
  });

  it('ignores fields it does not know, takes numbers as texts, and multipart', async () => {
    const offers = [{ id: '101', xmlId: null, name: 'Чай', properties: [], quantity: 5 }];
    for (const reply of [
      await desk.account.post('/store/inventories-upload', { offers }),
      await desk.account.postMultipart('/store/inventories-upload', { offers }),
    ])
      expect(reply.json).toMatchObject({ success: true, offers: [{ id: 101 }] });
  });

  it('tells presence only where the CRM counts no more', async () => {
    const other = await StockDesk.open(deployment);
    await other.configure({
      stores: [
        { code: 'main', counts: 'presence' },
        { code: 'shop', counts: 'quantity' },
      ],
    });
    await other.import('xmlId,store,quantity\na,main,12\na,shop,12\nb,main,0.001\nc,main,0');
    expect((await other.ask([{ xmlId: 'a' }, { xmlId: 'b' }, { xmlId: 'c' }])).map((offer) => offer.stores)).toEqual([
      [
        { code: 'main', available: 1 },
        { code: 'shop', available: 12 },
      ],
      [{ code: 'main', available: 1 }],
      [{ code: 'main', available: 0 }],
    ]);
  });

  it('never shows the stock of another account', async () => {
    const other = await StockDesk.open(deployment);
    expect(await other.ask([{ id: 101, xmlId: 'x1', externalId: 'e1' }])).toEqual([]);
  });

  it.each([
    ['no offers', '', ['offers']],
    ['offers that are no JSON', '[{', ['offers']],
    ['offers that are no list', '"x1"', ['offers']],
    ['an offer without an identifier', '[{"xmlId":"x1"},{"name":"tea"},{"xmlId":""}]', ['offers[1]', 'offers[2]']],
    ['an id that is no number', '[{"id":"abc"}]', ['offers[0].id']],
    ['an id that is no whole number', '[{"id":1.5}]', ['offers[0].id']],
    ['an id with more digits than numbers keep', '[{"id":1e300}]', ['offers[0].id']],
    ['an offer that is no object', '["x1"]', ['offers[0]']],
  ])('refuses %s', async (_, offers, fields) => {
    const body = new URLSearchParams({ clientId: desk.account.clientId, ...(offers && { offers }) }).toString();
    const { status, errors } = readRefusal(await postForm(`${deployment.url}/ledger/callbacks/store/inventories-upload`, body));
    expect([status, Object.keys(errors)]).toEqual([400, fields]);
  });

  it('refuses an unknown client, and an account that is not active', async () => {
    expect(readRefusal(await desk.account.post('/store/inventories-upload', { offers: [] }, 'nobody')).status).toBe(403);
    const other = await StockDesk.open(deployment);
    await other.account.activity(false, false);
    await until('it is refused', async () => (await other.account.post('/store/inventories-actualize', { packs: [] })).status === 403);
  });
});

describe('inventoriesActualize', () => {
  let desk: StockDesk;
  beforeAll(async () => {
    desk = await StockDesk.open(deployment);
  });

  async function countMovements(order: number): Promise<number> {
    return (await desk.list('/stock/movements', { order: String(order) })).total;
  }

  async function heldBy(order: number): Promise<[string | undefined, string, number][]> {
    const { items } = await desk.list<{ item?: string; store: string; quantity: number }>('/stock/reservations', {
      order: String(order),
    });
    return items.map(({ item, store, quantity }): [string | undefined, string, number] => [item, store, quantity]).sort();
  }

  it('reserves, returns the remaining stock, and does so once however often it is called', async () => {
    await desk.import(writeCsv({ r1: 10, r2: 1.5 }));
    const packs: WirePack[] = [
      { ...pack('r1', 4, 11), purchasePrice: 70.5, shipmentDate: '2026-11-30', invoiceNumber: '17', deliveryNoteNumber: '18' },
      pack('r2', 0.5, 12),
    ];
    const first = await desk.reserve(1, packs);
    expect(first.json).toEqual({
      success: true,
      inventories: [
        {
          offers: [
            { xmlId: 'r1', stores: [{ code: 'main', available: 6 }] },
            { xmlId: 'r2', stores: [{ code: 'main', available: 1 }] },
          ],
        },
      ],
    });
    const movements = await countMovements(1);
    expect(movements).toBe(2);
    for (let n = 0; n < 3; n++) expect((await desk.reserve(1, packs)).json).toEqual(first.json);
    expect(await countMovements(1)).toBe(movements);
    expect((await desk.list('/stock/reservations', { order: '1', xmlId: 'r1' })).items).toEqual([
      expect.objectContaining({
        order: '1',
        item: '11',
        offer: { xmlId: 'r1' },
        store: 'main',
        quantity: 4,
        purchasePrice: 70.5,
        currency: 'RUB',
        shipmentDate: '2026-11-30',
      }),
    ]);
  });

  it('follows a change of quantity, ends a reservation with 0, and keeps packs that are missing in the call', async () => {
    await desk.import(writeCsv({ c1: 10 }));
    await desk.reserve(2, [pack('c1', 3, 21), pack('c1', 2, 22)]);
    await desk.reserve(2, [pack('c1', 5, 21)]);
    expect(await heldBy(2)).toEqual([
      ['21', 'main', 5],
      ['22', 'main', 2],
    ]);
    expect((await desk.reserve(2, [pack('c1', 0, 21)])).json).toMatchObject({
      inventories: [{ offers: [{ stores: [{ available: 8 }] }] }],
    });
    expect(await heldBy(2)).toEqual([['22', 'main', 2]]);
    await desk.reserve(2, [pack('c1', 0, 21), pack('c1', 0, 22)]);
    await desk.reserve(2, [pack('c1', 0, 21), pack('c1', 0, 22)]);
    expect(await desk.stock({ xmlId: 'c1' })).toEqual([expect.objectContaining({ onHand: 10, reserved: 0, available: 10 })]);
  });

  it('adds up packs of one item, and tells warehouses apart', async () => {
    await desk.import('xmlId,store,quantity\ns1,main,3\ns1,shop,3');
    await desk.reserve(3, [pack('s1', 1), pack('s1', 2), pack('s1', 2, 1, 'shop')]);
    expect(await heldBy(3)).toEqual([
      ['1', 'main', 3],
      ['1', 'shop', 2],
    ]);
    expect((await desk.stock({ xmlId: 's1' })).map((one) => [one.store, one.available])).toEqual([
      ['main', 0],
      ['shop', 1],
    ]);
  });

  it('reserves all or nothing, reports the shortage, and sends the CRM the available stock', async () => {
    await desk.import(writeCsv({ p1: 5, p2: 1 }));
    await until('the CRM knows both', () => desk.known.has('p1/main') && desk.known.has('p2/main'));
    desk.known.clear();
    const reply = await desk.reserve(4, [pack('p1', 2, 41), pack('p2', 2, 42), pack('p2', 0.5, 43)]);
    const { status, errorMsg, errors } = readRefusal(reply);
    expect(status).toBe(400);
    expect(errorMsg).toContain('nothing was reserved');
    expect(Object.keys(errors)).toEqual(['packs[1].quantity', 'packs[2].quantity']);
    expect(errors['packs[1].quantity']).toContain('1 free at main');
    expect(await heldBy(4)).toEqual([]);
    await until('the CRM is told', () => desk.known.get('p1/main')?.available === 5 && desk.known.get('p2/main')?.available === 1);
    // Stock released in a call is available to the call's other pack.
    await desk.reserve(4, [pack('p2', 1, 42)]);
    expect((await desk.reserve(4, [pack('p2', 0, 42), pack('p2', 1, 43)])).status).toBe(200);
    expect(await heldBy(4)).toEqual([['43', 'main', 1]]);
  });

  it('gives the last item to one of two simultaneous orders', async () => {
    for (let round = 0; round < 8; round++) {
      await desk.import(writeCsv({ [`last${round}`]: 1 }));
      const orders = [500 + round, 600 + round, 700 + round];
      const replies = await Promise.all(orders.map((order) => desk.reserve(order, [pack(`last${round}`, 1)])));
      expect(replies.map((reply) => reply.status).sort()).toEqual([200, 400, 400]);
      expect(await desk.stock({ xmlId: `last${round}` })).toEqual([expect.objectContaining({ onHand: 1, reserved: 1, available: 0 })]);
    }
  });

  it('reserves once when called twice at the same time', async () => {
    await desk.import(writeCsv({ twice: 5 }));
    await Promise.all(Array.from({ length: 6 }, () => desk.reserve(5, [pack('twice', 2)])));
    expect([await countMovements(5), await heldBy(5)]).toEqual([1, [['1', 'main', 2]]]);
  });

  it('finds offers as the upload does, and items by the ids of other systems', async () => {
    await desk.import('id,xmlId,externalId,store,quantity\n901,f1,fe1,main,9');
    const item = { externalIds: [{ code: 'shop', value: 'item-1' }] };
    for (const offer of [{ id: 901, xmlId: 'r1' }, { id: 1, xmlId: 'f1' }, { externalId: 'fe1' }])
      await desk.reserve({ externalId: 'order-6', site: 'ru' }, [{ item, offer, quantity: 2, store: 'main' }]);
    expect((await desk.list('/stock/reservations', { order: 'ru/order-6' })).items).toEqual([
      expect.objectContaining({ item: 'shop/item-1', quantity: 2 }),
    ]);
  });

  it('takes packs without an order, an item or a warehouse', async () => {
    await desk.import(writeCsv({ bare: 3 }, 'only'));
    for (const quantity of [2, 2, 1]) expect((await desk.reserve(undefined, [{ offer: { xmlId: 'bare' }, quantity }])).status).toBe(200);
    expect(await desk.stock({ xmlId: 'bare' })).toEqual([expect.objectContaining({ store: 'only', available: 2 })]);
    await desk.import(writeCsv({ bare: 3 }, 'second'));
    // Further packs without a warehouse use the warehouse that already holds the reservation.
    expect((await desk.reserve(undefined, [{ offer: { xmlId: 'bare' }, quantity: 2 }])).status).toBe(200);
    expect(readRefusal(await desk.reserve(7, [{ offer: { xmlId: 'bare' }, quantity: 2 }])).errors).toEqual({
      'packs[0].store': expect.any(String),
    });
    await desk.reserve(undefined, [{ offer: { xmlId: 'bare' }, quantity: 0 }]);
    expect((await desk.stock({ xmlId: 'bare' })).map((one) => one.reserved)).toEqual([0, 0]);
    expect((await desk.reserve(8, [])).json).toEqual({ success: true, inventories: [] });
  });

  it('refuses what is not in the ledger, but not the end of its reservation', async () => {
    expect(readRefusal(await desk.reserve(9, [pack('nosuch', 1)]))).toMatchObject({
      status: 400,
      errors: { 'packs[0].offer': expect.any(String) },
    });
    expect((await desk.reserve(9, [pack('nosuch', 0)])).json).toEqual({ success: true, inventories: [] });
    await desk.import(writeCsv({ known: 1 }));
    expect((await desk.reserve(9, [pack('known', 0)])).status).toBe(200);
    expect(readRefusal(await desk.reserve(9, [pack('known', 1, 1, 'nosuch')])).errors).toEqual({
      'packs[0].quantity': expect.stringContaining('0 free at nosuch'),
    });
  });

  it('goes below zero only where the settings allow it', async () => {
    const other = await StockDesk.open(deployment);
    await other.import(writeCsv({ n: 1 }));
    expect((await other.reserve(1, [pack('n', 3)])).status).toBe(400);
    await other.configure({ allowNegative: true });
    expect((await other.reserve(1, [pack('n', 3), pack('n', 2, 2, 'other')])).json).toMatchObject({
      inventories: [
        {
          offers: [
            {
              stores: [
                { code: 'main', available: 0 },
                { code: 'other', available: 0 },
              ],
            },
          ],
        },
      ],
    });
    expect((await other.stock()).map((one) => one.available)).toEqual([-2, -2]);
    await other.configure({ allowNegative: false });
    expect((await other.reserve(2, [pack('n', 0.5)])).status).toBe(400);
    // A change that makes the stock less negative is accepted, even if it stays below zero.
    expect((await other.reserve(1, [pack('n', 2)])).status).toBe(200);
    expect((await other.move({ xmlId: 'n', store: 'other', quantity: 1 })).status).toBe(200);
    expect((await other.stock()).map((one) => one.available)).toEqual([-1, -1]);
  });

  it.each([
    ['no packs', { order: '{"id":1}' }, ['packs']],
    ['packs that are no JSON', { packs: '{' }, ['packs']],
    ['a pack without an offer', { packs: '[{"quantity":1}]' }, ['packs[0].offer']],
    ['a pack without a quantity', { packs: '[{"offer":{"id":1}}]' }, ['packs[0].quantity']],
    ['a negative quantity', { packs: '[{"offer":{"id":1},"quantity":-1}]' }, ['packs[0].quantity']],
    ['a quantity that is no number', { packs: '[{"offer":{"id":1},"quantity":"two"}]' }, ['packs[0].quantity']],
    ['a quantity beyond all measure', { packs: '[{"offer":{"id":1},"quantity":1e20}]' }, ['packs[0].quantity']],
    ['an offer without an identifier', { packs: '[{"offer":{},"quantity":1}]' }, ['packs[0].offer']],
    ['a day that is none', { packs: '[{"offer":{"id":1},"quantity":1,"shipmentDate":"2026-02-30"}]' }, ['packs[0].shipmentDate']],
    ['an order that is no JSON', { packs: '[]', order: 'x' }, ['order']],
    ['an order id that is no number', { packs: '[]', order: '{"id":"x"}' }, ['order.id']],
  ])('refuses %s', async (_, fields, wrong) => {
    const body = new URLSearchParams({ clientId: desk.account.clientId, ...fields }).toString();
    const { status, errors } = readRefusal(await postForm(`${deployment.url}/ledger/callbacks/store/inventories-actualize`, body));
    expect([status, Object.keys(errors)]).toEqual([400, wrong]);
  });

  it('keeps a record of each reservation', async () => {
    await desk.import(writeCsv({ rec: 1 }));
    await desk.reserve(77, [pack('rec', 1)]);
    const { items } = await deployment.operator<{ items: object[] }>('GET', `/operations?connection=${desk.connection}&subject=77`);
    expect(items).toEqual([expect.objectContaining({ kind: 'store.reserve', state: 'done' })]);
  });
});

describe('import', () => {
  let desk: StockDesk;
  beforeAll(async () => {
    desk = await StockDesk.open(deployment);
  });

  const LINES = [
    { id: 1, xmlId: 'i1', externalId: 'ie1', store: 'main', quantity: 3, purchasePrice: 12.34 },
    { xmlId: 'i2', store: 'main', quantity: 0.333333 },
    { externalId: 'ie3', site: 'ru', store: 'shop', quantity: '7' },
  ];
  const FILES: Record<string, [string, string]> = {
    CSV: [
      'text/csv',
      '\ufeffID, XML_ID ,"externalId",site,store,quantity,purchase price,name\r\n1,i1,ie1,,main,3,12.34,"Чай, 100 г\nзелёный ""Люкс"""\r\n\r\n,i2,,,main,0.333333,,\r\n,,ie3,ru,shop,7,,\r\n',
    ],
    'CSV with semicolons': [
      'application/vnd.ms-excel',
      'id;xmlId;externalId;site;store;quantity;purchasePrice\n1;i1;ie1;;main;3;12,34\n;i2;;;main;0,333333;\n;;ie3;ru;shop;7;',
    ],
    NDJSON: ['application/x-ndjson', LINES.map((line) => JSON.stringify(line)).join('\n\n')],
    'a JSON list': ['application/json', JSON.stringify(LINES, null, 2)],
  };

  it.each(Object.keys(FILES))('imports %s', async (name) => {
    const other = await StockDesk.open(deployment);
    const [type, body] = FILES[name] ?? ['', ''];
    expect(await other.import(body, {}, type)).toEqual({
      applied: true,
      dryRun: false,
      repeated: false,
      lines: 3,
      changed: 3,
      unchanged: 0,
      newOffers: 3,
      bad: 0,
      badLines: [],
    });
    expect(
      (await other.stock()).map(({ offer, store, onHand, purchasePrice, currency }) => ({
        offer,
        store,
        onHand,
        purchasePrice,
        currency,
      })),
    ).toEqual([
      { offer: { id: 1, xmlId: 'i1', externalId: 'ie1' }, store: 'main', onHand: 3, purchasePrice: 12.34, currency: 'RUB' },
      { offer: { xmlId: 'i2' }, store: 'main', onHand: 0.333333 },
      { offer: { externalId: 'ie3', site: 'ru' }, store: 'shop', onHand: 7 },
    ]);
  });

  it('applies nothing of a file with bad lines, and names each by its number', async () => {
    const file = [
      'xmlId,store,quantity,purchasePrice',
      'good,main,1,1',
      ',main,1,',
      'bad,,1,',
      'bad,main,x,',
      'bad,main,-1,',
      'bad,main,1.1234567,',
      'bad,main,,',
      'bad,main,1,1.005',
      'bad,main,1,1,more',
      'twice,main,1,',
      'twice,main,2,',
    ].join('\n');
    const reply = await desk.sendFile(file);
    expect(reply.status).toBe(400);
    const report = reply.json as ImportReport & { success: boolean; errorMsg: string };
    expect(report).toMatchObject({
      success: false,
      errorMsg: expect.stringContaining('9 of 11 lines'),
      applied: false,
      lines: 11,
      bad: 9,
      changed: 0,
    });
    expect(report.badLines.map(({ line, error }) => [line, error])).toEqual([
      [3, expect.stringMatching(/^id is required/)],
      [4, expect.stringMatching(/^store is required/)],
      [5, expect.stringMatching(/^quantity must be a number/)],
      [6, expect.stringMatching(/^quantity must be at least 0/)],
      [7, expect.stringMatching(/^quantity must have at most 6 decimals/)],
      [8, expect.stringMatching(/^quantity is required/)],
      [9, expect.stringMatching(/^purchasePrice is invalid/)],
      [10, expect.stringMatching(/more cells/)],
      [12, expect.stringMatching(/same offer and warehouse as line 11/)],
    ]);
    expect(await desk.ask([{ xmlId: 'good' }, { xmlId: 'twice' }])).toEqual([]);
  });

  it('refuses what would take more than there is, or than is free', async () => {
    await desk.import(writeCsv({ low: 5, held: 5, fine: 5 }));
    await desk.reserve(1, [pack('held', 3)]);
    const adjust = await desk.sendFile('xmlId,store,quantity\nfine,main,-5\nlow,main,-3\nlow,main,-3', { mode: 'adjust' });
    expect((adjust.json as ImportReport).badLines).toEqual([{ line: 4, error: 'leaves -1 in stock, and it must not go below 0' }]);
    const set = await desk.sendFile(writeCsv({ fine: 1, held: 2 }));
    expect((set.json as ImportReport).badLines).toEqual([{ line: 3, error: 'leaves 2 in stock, and 3 are reserved' }]);
    expect((await desk.stock()).filter((one) => one.offer.xmlId === 'fine')).toEqual([expect.objectContaining({ onHand: 5 })]);
    // Without the reserved units, the counted number is the maximum.
    await desk.import(writeCsv({ held: 2 }), { counts: 'available' });
    expect(await desk.stock({ xmlId: 'held' })).toEqual([expect.objectContaining({ onHand: 5, reserved: 3, available: 2 })]);
  });

  it('adjusts by incoming and outgoing goods', async () => {
    await desk.import('xmlId,store,quantity\nadj,main,5\nadj,main,0.5\nadj,shop,2', { mode: 'adjust' });
    await desk.import('xmlId,store,quantity,purchasePrice\nadj,main,-1.25,\nadj,main,,3.5', { mode: 'adjust' });
    expect((await desk.stock({ xmlId: 'adj' })).map(({ store, onHand, purchasePrice }) => [store, onHand, purchasePrice])).toEqual([
      ['main', 4.25, 3.5],
      ['shop', 2, undefined],
    ]);
    expect(
      (await desk.list<{ kind: string; onHand: number }>('/stock/movements', { xmlId: 'adj' })).items.map((one) => one.onHand),
    ).toEqual([0, -1.25, 2, 0.5, 5]);
  });

  it('checks without a trace in a dry run', async () => {
    expect(await desk.import(writeCsv({ dry: 1, low: 9 }), { dryRun: '1' })).toMatchObject({
      applied: false,
      dryRun: true,
      lines: 2,
      changed: 2,
      newOffers: 1,
      bad: 0,
    });
    expect(await desk.import('xmlId,store,quantity\ndry,main,-1', { dryRun: 'true' })).toMatchObject({
      dryRun: true,
      bad: 1,
      badLines: [{ line: 2 }],
    });
    expect(await desk.ask([{ xmlId: 'dry' }])).toEqual([]);
  });

  it('applies a file once under its key, also when it is sent twice at the same time', async () => {
    const file = writeCsv({ once: 4 });
    const query = { mode: 'adjust', key: 'delivery 17', comment: 'from the supplier' };
    const reports = await Promise.all([1, 2, 3].map(() => desk.import(file, query)));
    expect(reports.map((report) => report.repeated).sort()).toEqual([false, true, true]);
    for (const report of reports) expect(report).toMatchObject({ applied: true, lines: 1, changed: 1, newOffers: 1 });
    expect(await desk.stock({ xmlId: 'once' })).toEqual([expect.objectContaining({ onHand: 4 })]);
    expect(readRefusal(await desk.sendFile(writeCsv({ once: 5 }), query)).status).toBe(409);
    expect(readRefusal(await desk.sendFile(file, { ...query, mode: 'set' })).status).toBe(409);
    expect((await desk.list('/stock/movements', { xmlId: 'once' })).items).toEqual([
      expect.objectContaining({ kind: 'adjust', onHand: 4, key: 'delivery 17', comment: 'from the supplier', line: 2 }),
    ]);
    // A file that was refused has used no key.
    expect((await desk.sendFile('xmlId,store,quantity\nother,main,x', { key: 'again' })).status).toBe(400);
    expect(await desk.import(writeCsv({ other: 1 }), { key: 'again' })).toMatchObject({ applied: true, repeated: false });
  });

  it('stores new identifiers, and rejects identifiers that belong to another offer', async () => {
    const other = await StockDesk.open(deployment);
    await other.import('id,xmlId,externalId,store,quantity\n,a,,main,1\n2,b,,main,2\n,,c,main,3');
    await other.import('id,xmlId,externalId,store,quantity\n1,a,ea,main,1\n2,b2,,main,2');
    expect(new Set((await other.stock()).map((one) => JSON.stringify(one.offer)))).toEqual(
      new Set(['{"id":1,"xmlId":"a","externalId":"ea"}', '{"id":2,"xmlId":"b2"}', '{"externalId":"c"}']),
    );
    const reply = await other.sendFile(
      'id,xmlId,externalId,store,quantity\n1,b2,,main,1\n2,,c,main,1\n,b2,,shop,1\n7,b2,,third,1\n8,new,,main,1\n9,new,,main,1',
    );
    expect((reply.json as ImportReport).badLines).toEqual([
      { line: 2, error: 'xmlId belongs to another offer' },
      { line: 3, error: 'externalId belongs to another offer' },
      { line: 5, error: expect.stringContaining('the same offer as line 3') },
      { line: 7, error: expect.stringContaining('the same offer as line 6') },
    ]);
    // Lines of one new offer, each by another identifier.
    await other.import('id,xmlId,externalId,store,quantity\n,z,ez,s1,1\n50,z,,s2,2\n,,ez,s3,3\n50,,,s4,4');
    expect((await other.ask([{ id: 50 }]))[0]?.stores?.map((store) => store.available)).toEqual([1, 2, 3, 4]);
    expect((await other.stock({ xmlId: 'z' })).map((one) => one.offer)).toEqual(Array(4).fill({ id: 50, xmlId: 'z', externalId: 'ez' }));
  });

  it('knows the warehouses of the settings, and takes the main one where none is named', async () => {
    const other = await StockDesk.open(deployment);
    await other.configure({ stores: [{ code: 'main' }, { code: 'shop' }], mainStore: 'shop' });
    const reply = await other.sendFile('xmlId,store,quantity\na,mian,1\nb,,1');
    expect((reply.json as ImportReport).badLines).toEqual([{ line: 2, error: 'store is not one of the warehouses in the settings' }]);
    await other.import('xmlId,quantity\na,3');
    expect((await other.stock()).map((one) => one.store)).toEqual(['shop']);
    expect((await other.reserve(1, [{ offer: { xmlId: 'a' }, quantity: 1 }])).status).toBe(200);
    expect(readRefusal(await other.reserve(1, [pack('a', 1, 1, 'mian')])).errors).toEqual({ 'packs[0].store': expect.any(String) });
  });

  it('takes prices in another currency, and does not send them as the account’s', async () => {
    await desk.import('xmlId,store,quantity,purchasePrice\nyen,main,1,150', { currency: 'jpy' });
    expect(await desk.stock({ xmlId: 'yen' })).toEqual([expect.objectContaining({ purchasePrice: 150, currency: 'JPY' })]);
    expect(await desk.ask([{ xmlId: 'yen' }])).toEqual([{ xmlId: 'yen', stores: [{ code: 'main', available: 1 }] }]);
    expect((await desk.sendFile('xmlId,store,quantity,purchasePrice\nyen,main,1,1.5', { currency: 'JPY' })).status).toBe(400);
  });

  it.each([
    ['nothing', '', 'text/csv', 'body'],
    ['blank lines', '\n \n', 'application/json', 'body'],
    ['only a header', 'xmlId,quantity\n', 'text/csv', 'body'],
    ['an empty list', ' [ ] ', 'application/json', 'body'],
  ])('refuses %s', async (_, body, type, field) => {
    const { status, errors } = readRefusal(await desk.sendFile(body, {}, type));
    expect([status, Object.keys(errors)]).toEqual([400, [field]]);
  });

  it.each([
    ['a header without what is needed', 'store,quantity\na,1', [1, 'must contain columns']],
    ['a header that names a column twice', 'xmlId,xml_id,quantity\na,b,1', [1, 'contains the column xmlId twice']],
    ['no CSV at all', '%PDF-1.4', [1, 'must contain columns']],
    ['a quote that is not closed', 'xmlId,store,quantity\n"a,main,1\nb,main,2', [expect.any(Number), 'cannot be read as CSV']],
    ['another encoding', Buffer.from('xmlId,store,quantity\n\xd7\xe0\xe9,main,1', 'latin1'), [1, 'not UTF-8']],
    ['a list that breaks off', '[{"xmlId":"a","store":"main","quantity":1},{"xmlId":', [2, 'the list has no end']],
    ['a list with more after it', '[{"xmlId":"a","store":"main","quantity":1}] x', [2, 'after the end']],
    ['items that are no objects', '[1, "a", null, {"xmlId":"a","store":"main","quantity":1}]', [1, 'not a JSON object']],
    ['a line that is no JSON', '{"xmlId":"a","store":"main","quantity":1}\n{"xmlId":', [2, 'not valid JSON']],
    ['a line without end', `{"xmlId":"${'a'.repeat(200_000)}"}`, [1, 'longer than']],
    ['a cell without end', `xmlId,quantity\n${'a'.repeat(200_000)},1`, [expect.any(Number), 'cannot be read as CSV']],
  ])('names the line of %s', async (_, body, [line, error]) => {
    const reply = await desk.sendFile(body);
    expect(reply.status).toBe(400);
    expect((reply.json as ImportReport).badLines[0]).toEqual({ line, error: expect.stringContaining(String(error)) });
  });

  it('refuses a wrong query before the file, and answers all the same', async () => {
    const file = writeCsv(Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`q${n}`, n])));
    for (const [query, field] of [
      [{ mode: 'both' }, 'mode'],
      [{ counts: 'x' }, 'counts'],
      [{ currency: 'roubles' }, 'currency'],
      [{ dryRun: 'perhaps' }, 'dryRun'],
      [{ connection: '' }, 'connection'],
    ] as const)
      expect(readRefusal(await desk.sendFile(file, query))).toMatchObject({ status: 400, errors: { [field]: expect.any(String) } });
    expect(readRefusal(await desk.sendFile(file, { connection: 'nosuch' })).status).toBe(404);
    expect(readRefusal(await deployment.askOperator('POST', '/stock/import?connection=x', 'xmlId', 'wrong')).status).toBe(401);
  });

  it('has nothing to do with connections of other modules', async () => {
    const crm = deployment.nextCrm();
    const courier = await Account.connect(deployment, crm, 'courier');
    expect(readRefusal(await courier.post('/store/inventories-upload', { offers: [{ id: 1 }] })).status).toBe(404);
    const { id } = await deployment.getConnection(crm);
    expect(readRefusal(await desk.sendFile(writeCsv({ a: 1 }), { connection: id })).status).toBe(404);
    expect(
      readRefusal(await deployment.askOperator('POST', '/stock/movements', { connection: id, xmlId: 'a', store: 'main', quantity: 1 }))
        .status,
    ).toBe(404);
  });

  it('imports a long file while it arrives, all or nothing', async () => {
    const other = await StockDesk.open(deployment);
    const lines = 5000;
    // A bad last line.
    const refused = await other.sendFile(streamFile(lines, 'bad,main,x\n'));
    expect((refused.json as ImportReport).badLines).toEqual([{ line: lines + 2, error: expect.any(String) }]);
    expect((await other.list('/stock')).total).toBe(0);
    expect(await other.import(streamFile(lines))).toMatchObject({ applied: true, lines, changed: lines, newOffers: lines });
    expect((await other.list('/stock')).total).toBe(lines);
    await until('the CRM knows all', () => other.known.size === lines, 60_000);
  });

  it('leaves nothing of a file whose sender breaks off', async () => {
    const controller = new AbortController();
    const body = new ReadableStream({
      start(stream): void {
        stream.enqueue(Buffer.from('xmlId,store,quantity\n' + Array.from({ length: 30_000 }, (_, n) => `broken${n},main,1\n`).join('')));
      },
    });
    const { OPERATOR_TOKEN = '' } = deployment.variables;
    const sent = fetch(`${deployment.url}/operator/api/stock/import?connection=${desk.connection}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit);
    const staged = async (): Promise<number> =>
      (await deployment.stores.query<{ n: number }>('SELECT count(*)::int AS n FROM ledger_import_line'))[0]?.n ?? 0;
    await until('lines have arrived', async () => (await staged()) > 0);
    controller.abort();
    await expect(sent).rejects.toThrow();
    await until('they are gone', async () => (await staged()) === 0);
    expect(await desk.ask([{ xmlId: 'broken0' }])).toEqual([]);
  });
});

describe('single changes and lists', () => {
  let desk: StockDesk;
  beforeAll(async () => {
    desk = await StockDesk.open(deployment);
  });

  it('moves stock by one line, once under its key', async () => {
    expect((await desk.move({ xmlId: 'm', store: 'main', quantity: 5, purchasePrice: 9.99, key: 'k1' })).json).toMatchObject({
      applied: true,
      newOffers: 1,
    });
    expect((await desk.move({ xmlId: 'm', store: 'main', quantity: 5, purchasePrice: 9.99, key: 'k1' })).json).toMatchObject({
      repeated: true,
    });
    expect(readRefusal(await desk.move({ xmlId: 'm', store: 'main', quantity: 6, key: 'k1' })).status).toBe(409);
    await desk.move({ xmlId: 'm', store: 'main', quantity: -2 });
    await desk.move({ xmlId: 'm', store: 'main', quantity: 10, mode: 'set', comment: 'counted' });
    expect(readRefusal(await desk.move({ xmlId: 'm', store: 'main', quantity: -11 }))).toMatchObject({
      status: 400,
      errorMsg: expect.stringContaining('leaves -1 in stock'),
    });
    expect(await desk.stock({ xmlId: 'm' })).toEqual([expect.objectContaining({ onHand: 10, purchasePrice: 9.99, currency: 'RUB' })]);
    expect(
      (await desk.list<{ kind: string; onHand: number }>('/stock/movements', { xmlId: 'm' })).items.map((one) => [one.kind, one.onHand]),
    ).toEqual([
      ['set', 7],
      ['adjust', -2],
      ['adjust', 5],
    ]);
  });

  it.each([
    [{ xmlId: 'm', store: 'main' }, 'quantity'],
    [{ store: 'main', quantity: 1 }, 'id'],
    [{ xmlId: 'm', store: 'main', quantity: 'x' }, 'quantity'],
    [{ xmlId: 'm', store: 'main', quantity: 1e12 }, 'quantity'],
    [{ xmlId: 'm', store: 'main', quantity: 1, mode: 'reserve' }, 'mode'],
    [{ xmlId: 'm', store: 'main', quantity: 1, connection: undefined }, 'connection'],
  ])('refuses %j', async (line, field) => {
    expect(readRefusal(await desk.move(line))).toMatchObject({ status: 400, errors: { [field]: expect.any(String) } });
  });

  it('ships what an order has reserved, once, and does not reserve it again', async () => {
    await desk.import(writeCsv({ sh: 5 }));
    await desk.reserve(1, [pack('sh', 2)]);
    const ship = (): Promise<object> => deployment.operator('POST', '/stock/shipments', { connection: desk.connection, order: '1' });
    expect(await ship()).toEqual({ shipped: 1 });
    expect(await ship()).toEqual({ shipped: 0 });
    expect(await desk.stock({ xmlId: 'sh' })).toEqual([expect.objectContaining({ onHand: 3, reserved: 0, available: 3 })]);
    // The CRM sends the same again, then more, then the end.
    await desk.reserve(1, [pack('sh', 2)]);
    expect(await desk.stock({ xmlId: 'sh' })).toEqual([expect.objectContaining({ onHand: 3, reserved: 0 })]);
    await desk.reserve(1, [pack('sh', 3)]);
    expect(await desk.stock({ xmlId: 'sh' })).toEqual([expect.objectContaining({ onHand: 3, reserved: 1 })]);
    await desk.reserve(1, [pack('sh', 0)]);
    expect(await desk.stock({ xmlId: 'sh' })).toEqual([expect.objectContaining({ onHand: 3, reserved: 0 })]);
    expect((await desk.list('/stock/reservations', { order: '1', state: 'shipped' })).items).toEqual([
      expect.objectContaining({ quantity: 0, shipped: 2 }),
    ]);
    expect((await desk.list<{ kind: string }>('/stock/movements', { order: '1' })).items.map((one) => one.kind)).toEqual([
      'release',
      'reserve',
      'ship',
      'reserve',
    ]);
  });

  it('lists page by page and by filter', async () => {
    const other = await StockDesk.open(deployment);
    await other.import('id,xmlId,store,quantity\n1,l1,main,1\n2,l2,main,2\n2,l2,shop,3');
    const first = await other.list<{ store: string }>('/stock', { limit: '2' });
    expect([first.total, first.items.length]).toEqual([3, 2]);
    expect((await other.list('/stock', { limit: '2', page: '2' })).items).toHaveLength(1);
    expect((await other.stock({ id: '2', store: 'shop' })).map((one) => one.onHand)).toEqual([3]);
    expect((await other.list('/stock/movements', { kind: 'reserve' })).total).toBe(0);
    expect(await deployment.operator('GET', '/stock?connection=nosuch')).toEqual({ items: [], total: 0 });
    expect(readRefusal(await deployment.askOperator('GET', '/stock?limit=0')).errors).toEqual({ limit: expect.any(String) });
    expect(readRefusal(await deployment.askOperator('GET', '/stock', undefined, 'wrong')).status).toBe(401);
  });
});

it('has, after all this, a ledger without a flaw', async () => {
  expect(await findProblems(deployment)).toEqual([]);
  expect(await deployment.stores.query('SELECT * FROM ledger_import_line')).toEqual([]);
  const { items } = await deployment.operator<{ items: object[] }>('GET', '/outbox?state=failed');
  expect(items).toEqual([]);
});

/** A CSV file in chunks, like an upload over a network. */
function streamFile(lines: number, end = ''): ReadableStream {
  let line = 0;
  return new ReadableStream({
    pull(stream): void {
      if (line === 0) stream.enqueue(Buffer.from('xmlId,store,quantity,purchasePrice,name\n'));
      const chunk = Array.from(
        { length: 1000 },
        (_, n) => `sku-${line + n},main,${(line + n) % 97},${line + n}.5,Товар ${line + n} ${'-'.repeat(200)}\n`,
      );
      line += 1000;
      stream.enqueue(Buffer.from(chunk.join('')));
      if (line < lines) return;
      stream.enqueue(Buffer.from(end));
      stream.close();
    },
  });
}
