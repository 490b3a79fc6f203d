import { expect, it } from '@jest/globals';
import type * as FastCheck from 'fast-check';
import { type Money, ProviderError } from '#provider-kit';
import type { Collect, ExistingDelivery, Parcel, SavedDelivery, SaveRequest } from '#delivery/port';
import { existingDelivery } from '../../builders.js';

/**
 * Plays orders of real shops: parcels that no one measured, 1,500 pieces, articles in Cyrillic, old VAT
 * rates, cities abroad, several currencies. Each must be registered, or the adapter must report the problem
 * itself (`invalid`): a service that rejects the adapter's request found a rule that the adapter lacks.
 */
export interface UntidyOrders<S extends object> {
  /** Settings for these orders, such as a contract that collects abroad. By default the subject's. */
  settings?: S;
  /**
   * Cash that the service collects for the delivery according to its order. It is compared with `collect` of
   * the request.
   */
  collected?(delivery: ExistingDelivery): Money;
  /**
   * Value that the service insures, as it reads the order: the request’s, in the currency of the request.
   * `none`: it insures nothing.
   */
  insured?: ((delivery: ExistingDelivery) => Money) | 'none';
  /** Whether the service may refuse this order, which the adapter cannot know beforehand. */
  mayRefuse?(request: SaveRequest): boolean;
  /** Number of orders to play, by default 40. */
  orders?: number;
}

/** The suite that plays the orders. */
export interface UntidyPlayer<S extends object> {
  save(request: SaveRequest, settings: S | undefined): Promise<SavedDelivery>;
  /** A request that can be registered. */
  newRequest(): SaveRequest;
  settle(): Promise<void>;
}

const ARTICLES = [undefined, 'A-1', 'Чай «ёлка» 5|1', '茶', 'x'.repeat(40), `${'x'.repeat(39)}y`, '1/2 <b>', ' '];
const NAMES = ['Футболка', 'T-shirt '.repeat(50), 'Чай «Ёлка», 5 % / №1', '', '💎 ring'];
/** Cities abroad, with the money that is used there. */
const CITIES = [
  { currency: 'KZT', to: { countryIso: 'KZ', region: 'Алматы', city: 'Алматы', street: 'ул. Абая', building: '1', text: 'ул. Абая, 1' } },
  {
    currency: 'BYN',
    to: { countryIso: 'BY', city: 'Минск', index: '220030', street: 'пр. Победителей', building: '9', text: 'пр. Победителей, 9' },
  },
  {
    currency: 'USD',
    to: { countryIso: 'US', region: 'NY', city: 'New York', index: '10001', street: 'Broadway', building: '1', text: 'Broadway 1' },
  },
];

/** Properties that make an order untidy. All others are the tidy order's. */
const buildDrafts = (fc: typeof FastCheck) =>
  fc.record({
    parcels: fc.array(
      fc.record({
        weight: fc.constantFrom<number[]>(1, 99, 100, 850, 4_999),
        sides: fc.constantFrom('none', 'length', 'all'),
        items: fc.array(
          fc.record({
            article: fc.constantFrom(...ARTICLES),
            name: fc.constantFrom(...NAMES),
            quantity: fc.constantFrom<number[]>(1, 2, 999, 1_500),
            price: fc.integer({ min: 0, max: 30_000 }),
            vatRate: fc.constantFrom<(string | undefined)[]>(undefined, 'none', '10.00', '12.00', '20.00', '22.00'),
            weight: fc.constantFrom<(number | null | undefined)[]>(undefined, null, 1),
          }),
          { maxLength: 4 },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    abroad: fc.option(fc.constantFrom(...CITIES), { nil: undefined }),
    money: fc.constantFrom('of the shop', 'of the city', 'EUR'),
    owes: fc.constantFrom('nothing', 'goods', 'all'),
    delivery: fc.integer({ min: 0, max: 50_000 }),
  });
type Draft = ReturnType<typeof buildDrafts> extends FastCheck.Arbitrary<infer D> ? D : never;

const ITEM = { article: 'Чай «ёлка» 5|1', name: 'Чай', price: 101, vatRate: '20.00', weight: undefined };

/** Played always: an order that every carrier registers, then each city in its money, everything owed. */
const EXAMPLES: [Draft][] = [
  [
    {
      parcels: [{ weight: 850, sides: 'all', items: [{ ...ITEM, quantity: 1 }] }],
      ...{ abroad: undefined, money: 'of the shop', owes: 'nothing', delivery: 1_005 },
    },
  ],
  ...[undefined, ...CITIES].map((abroad): [Draft] => {
    const items = [1, 1_500].map((quantity) => ({ ...ITEM, quantity }));
    return [{ parcels: [{ weight: 850, sides: 'none', items }], abroad, money: 'of the city', owes: 'all', delivery: 1_005 }];
  }),
];

/** The tidy order with the draft's disorder. Its declared values are its prices. */
function buildUntidy(tidy: SaveRequest, draft: Draft): SaveRequest {
  const { abroad, money } = draft;
  const currency = money === 'EUR' ? money : ((money === 'of the city' ? abroad?.currency : undefined) ?? tidy.currency ?? 'RUB');
  const parcels = draft.parcels.map(({ weight, sides, items }, at): Parcel => ({
    packageId: String(at + 1),
    weight,
    ...(sides !== 'none' && { length: 300 }),
    ...(sides === 'all' && { width: 200, height: 5 }),
    items: items.map(({ article, name, quantity, price, vatRate, weight: own }) => ({
      ...(article !== undefined && { externalId: article }),
      ...{ name, quantity, cost: { minor: price, currency }, declaredValue: { minor: price, currency } },
      ...(vatRate !== undefined && { vatRate }),
      ...(own !== undefined && { weight: own }),
    })),
  }));
  const perItem = parcels.map(({ items }) => items.map(({ cost, quantity }) => (cost?.minor ?? 0) * quantity));
  const goods = perItem.flat().reduce((sum, minor) => sum + minor, 0);
  const delivery = draft.owes === 'all' ? draft.delivery : 0;
  const collect: Collect = { currency, goods, delivery, total: goods + delivery, perItem };
  const { collect: _collect, ...rest } = tidy;
  return {
    ...{ ...rest, parcels, currency },
    cost: { minor: draft.delivery, currency },
    declaredValue: { minor: goods, currency },
    ...(abroad && { to: { ...abroad.to } }),
    ...(draft.owes !== 'nothing' && collect.total > 0 && { collect }),
  };
}

/** Tests that untidy orders are registered in full, or refused by the adapter. */
export function testUntidyOrders<S extends object>(getOrders: () => UntidyOrders<S> | undefined, player: UntidyPlayer<S>): void {
  it('an untidy order is registered with its whole cash and value, or the adapter rejects it with a text', async () => {
    const untidy = getOrders();
    if (untidy === undefined) return;
    // Only suites that play untidy orders need it.
    const fc = await import('fast-check');
    let registered = 0;
    await fc.assert(
      fc.asyncProperty(buildDrafts(fc), async (draft) => {
        const request = buildUntidy(player.newRequest(), draft);
        const outcome = await player.save(request, untidy.settings).catch((error: unknown) => error);
        if (outcome instanceof Error) return checkRefusal(outcome, untidy.mayRefuse?.(request) === true);
        registered++;
        await player.settle();
        const delivery = existingDelivery(outcome as SavedDelivery, request);
        const { collect, declaredValue, currency } = request;
        if (untidy.insured !== 'none') checkAmount(untidy.insured?.(delivery), declaredValue);
        checkAmount(untidy.collected?.(delivery), { minor: collect?.total ?? 0, currency });
      }),
      { numRuns: untidy.orders ?? 40, examples: EXAMPLES },
    );
    expect({ 'registered orders': registered }).not.toEqual({ 'registered orders': 0 });
  });
}

/** Nothing is the same in every currency. */
function checkAmount(told: Partial<Money> | undefined, wanted: Partial<Money> = {}): void {
  if (told) expect({ ...told, ...(wanted.minor === 0 && { currency: wanted.currency }) }).toEqual(wanted);
}

/**
 * Checks that an error is the adapter's own refusal. An error with a cause is the service's, which
 * `mayRefuse` allows.
 */
export function checkRefusal(error: Error, mayRefuse: boolean): void {
  if (error instanceof ProviderError) {
    if (error.kind === 'invalid' && error.cause === undefined) return expect(error.message).toMatch(/\S/);
    if (['invalid', 'rejected'].includes(error.kind) && mayRefuse) return;
  }
  throw new Error(`neither registered nor refused by the adapter: ${error.message}`, { cause: error });
}
