import type { FastifyRequest } from 'fastify';
import {
  Answer,
  Double,
  type DoubleAccount,
  type DoubleOptions,
  either,
  hand,
  type Infer,
  like,
  list,
  nothing,
  object,
  oneOf,
  Refusal,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/index.js';
import { WarehouseBook, type WarehouseGood, type WarehouseReservation } from './warehouse-book.js';
import { signCall, signEvent, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './warehouse-signature.js';

/** Options for starting a fake warehouse. */
export interface FakeWarehouseOptions extends DoubleOptions {
  /** The secret that signs calls and webhooks. By default `fake-warehouse-signing-secret`. */
  secret?: string;
}

/** The behaviors of the warehouse. */
const MODES = {
  /** Webhooks name the goods. Otherwise they only mean that something changed. */
  namesGoods: true,
} as const;

/** Up to 50 names. */
const names = like(/^[^,]+(,[^,]+){0,49}$/);
/** Up to 100 rows. */
const limit = like(/^([1-9]\d?|100)$/);
const money = object({ amount: text(1), currency: text(3, 3) });
const good = object({ id: text(1), sku: text(1), name: text(1) });
const stock = object({ good: text(1), warehouse: text(1), free: either(text(1), nothing), 'cost?': money });
// A number would be another figure after a few additions.
const quantity = like(/^(?!0+(\.0+)?$)\d{1,10}(\.\d{1,6})?$/);
const lines = list(object({ good: like(/^g-\d+$/), warehouse: text(1, 100), quantity }), 0, 50);
const newReservation = object({ version: whole(0), lines });
const reservation = object({ id: text(1), number: text(1), reference: text(1), version: whole(1), lines });
const goodsQuery = either(object({ ids: names }), object({ skus: names }), object({ page: like(/^[1-9]\d{0,8}$/), limit }));
const newMovement = object({ kind: oneOf('shipment', 'return'), of: text(1), lines });
const movement = object({ id: text(1), number: text(1), reference: text(1), kind: oneOf('shipment', 'return'), of: text(1), lines });
const changes = object({ goods: list(good), next: text(1), more: { type: 'boolean' }, 'againSeconds?': whole(1) });
const plain = { query: object({}) };
const WIRE = [
  { call: 'account', method: 'GET', path: '/v1/account', ...plain, reply: object({ name: text(1) }) },
  { call: 'goods', method: 'GET', path: '/v1/goods', query: goodsQuery, reply: object({ goods: list(good), 'pages?': whole(1) }) },
  { call: 'stocks', method: 'GET', path: '/v1/stocks', query: object({ goods: names }), reply: object({ stocks: list(stock) }) },
  { call: 'changes', method: 'GET', path: '/v1/changes', query: object({ 'since?': text(), limit }), reply: changes },
  { call: 'reserve', method: 'PUT', path: '/v1/reservations/:reference', ...plain, body: newReservation, reply: reservation },
  { call: 'move', method: 'PUT', path: '/v1/movements/:reference', ...plain, body: newMovement, reply: movement },
  { call: 'getReservation', method: 'GET', path: '/v1/reservations/:reference', ...plain, reply: reservation },
] as const satisfies readonly WireCall[];

const newStock = object({
  ...{ sku: text(1), warehouse: text(1), onHand: like(/^-?\d{1,10}(\.\d{1,6})?$/) },
  'cost?': like(/^\d{1,10}(\.\d{1,4})? [A-Z]{3}$/),
});

const BAD_SIGNATURE = new Refusal(401, 'bad_signature', 'The signature does not match');
/** How far the signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;
/** Seconds after which recalculated figures should be requested again. */
const AGAIN_S = 2;

/** A warehouse in memory, stricter than its clients need. */
export class FakeWarehouse extends Double<typeof WIRE, DoubleAccount, typeof MODES> {
  /** The goods, figures and reservations. */
  readonly book = new WarehouseBook();
  private events = 0;

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ secret = 'fake-warehouse-signing-secret', ...options }: FakeWarehouseOptions = {}): Promise<FakeWarehouse> {
    return new FakeWarehouse(secret).listen(options);
  }

  private constructor(readonly secret: string) {
    super({
      ...{ wire: WIRE, modes: MODES, token: secret, unauthorized: BAD_SIGNATURE },
      findAccount: (request, [account]) => {
        checkSignature(secret, request);
        checkNames(request);
        return account;
      },
      hooks: {
        repeats: () => 'new-time',
        sign: ({ at, secret: signing = '', body }) => {
          const timestamp = String(Math.floor(at / 1_000));
          return { [WAREHOUSE_TIMESTAMP]: timestamp, [WAREHOUSE_SIGNATURE]: signEvent(signing, timestamp, body) };
        },
      },
    });
    const { book } = this;
    book.onChange = (changed) => this.notify(changed);
    this.serve({
      account: () => ({ name: 'Warehouse of Anna' }),
      goods: ({ query }) => this.findGoods(query),
      stocks: ({ query: { goods = '' } }) => ({ stocks: readList(goods).flatMap((id) => book.listStocks(this.findGood(id))) }),
      changes: ({ query }) => {
        const { goods, recalculating, ...place } = book.readChanges(query['since'], Number(query['limit']));
        return { goods: goods.map(toGood), ...place, ...(recalculating && { againSeconds: AGAIN_S }) };
      },
      reserve: ({ id, body }) => {
        const { made, reservation: json } = book.reserve(id, body.version, body.lines);
        return new Answer({ status: made ? 201 : 200, json });
      },
      move: ({ id, body }) => book.move(id, body.kind, body.of, body.lines),
      getReservation: ({ id }) => {
        const found = this.reservation(id);
        if (!found) throw new Refusal(404, 'unknown_reservation', 'There is no such reservation');
        return found;
      },
    });
  }

  override get settingsText(): string {
    return `address ${this.url}, secret ${this.secret}`;
  }

  /** Sets a warehouse's stock of a good, a decimal text. The cost is like `100.50 RUB`. */
  setStock(sku: string, warehouse: string, onHand: string, cost?: string): void {
    const [amount = '', currency = ''] = cost?.split(' ') ?? [];
    this.book.setStock(sku, warehouse, onHand, cost === undefined ? undefined : { amount, currency });
  }

  /** The reservation of a reference. */
  reservation(reference: string): WarehouseReservation | undefined {
    return this.book.reservations.get(reference);
  }

  protected override listHands() {
    return { stocks: hand(newStock, ({ sku, warehouse, onHand, cost }) => this.setStock(sku, warehouse, onHand, cost)) };
  }

  protected override listThings() {
    const { book } = this;
    return {
      goods: () => [...book.goods.values()].map((one) => ({ ...toGood(one), stocks: book.listStocks(one) })),
      reservations: () => [...book.reservations.values()],
      movements: () => [...book.movements.values()],
    };
  }

  protected override forget(): void {
    this.book.clear();
  }

  private notify(changed: readonly WarehouseGood[]): void {
    const goods = this.modes.namesGoods ? { goods: changed.map(({ id, sku }) => ({ id, sku })) } : {};
    this.tell({ action: 'stock.changed', body: { events: [{ id: `e-${++this.events}`, ...goods }] } });
  }

  private findGood(id: string): WarehouseGood {
    const found = this.book.goods.get(id);
    if (!found) throw new Refusal(404, 'unknown_good', `There is no good ${id}`);
    return found;
  }

  private findGoods({ ids, skus, page, limit: rows }: Readonly<Record<string, string | undefined>>): Infer<(typeof WIRE)[1]['reply']> {
    const { goods } = this.book;
    if (page === undefined) {
      const found = ids === undefined ? readList(skus).map((sku) => this.book.findBySku(sku)) : readList(ids).map((id) => goods.get(id));
      return { goods: found.flatMap((one) => (one ? [toGood(one)] : [])) };
    }
    const size = Number(rows);
    const pages = Math.max(1, Math.ceil(goods.size / size));
    if (Number(page) > pages) throw new Refusal(404, 'no_page', `There are ${pages} pages`);
    return { goods: [...goods.values()].slice((Number(page) - 1) * size, Number(page) * size).map(toGood), pages };
  }
}

function toGood({ id, sku, name }: WarehouseGood): Infer<typeof good> {
  return { id, sku, name };
}

function readList(given = ''): string[] {
  const values = given.split(',');
  if (new Set(values).size < values.length) throw new Refusal(400, 'invalid', 'A good is named twice');
  return values;
}

function checkSignature(secret: string, request: FastifyRequest): void {
  const timestamp = String(request.headers[WAREHOUSE_TIMESTAMP] ?? '');
  const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(Date.now() / 1_000 - Number(timestamp)) <= TOLERANCE_S;
  const body = request.body instanceof Buffer ? request.body.toString('utf8') : '';
  const expected = signCall(secret, request.method, request.url, timestamp, body);
  if (!isFresh || request.headers[WAREHOUSE_SIGNATURE] !== expected) throw BAD_SIGNATURE;
}

function checkNames({ url }: FastifyRequest): void {
  const given = [...new URL(url, 'http://warehouse').searchParams.keys()];
  const twice = given.find((name, index) => given.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(400, 'invalid', `${twice} is named twice`);
}
