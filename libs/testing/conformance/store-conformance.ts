import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Money, type ProviderContext, ProviderError, toMoney } from '#provider-kit';
import type { ExistingReservation, OfferRef, OfferStock, Pack, ReserveRequest, StoreProvider } from '#inventory/port';
import { mergePacks } from '#inventory/port';
import { type Effect, Unproven } from './lost-calls.js';
import {
  catchError,
  checkProviderError,
  type ExpectedFailure,
  isProviderMethod,
  type ProviderMethod,
  type ProviderSubject,
  testEffects,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider-conformance.js';
import { testWebhook, type WebhookSample } from './webhook-conformance.js';

/** Methods a store provider may lack. */
export type OptionalStoreMethod = Exclude<keyof StoreProvider, 'manifest' | 'readStocks'>;

/** Facts that the suite needs before it runs. */
export type StoreConformanceOptions<S extends object> = ConformanceOptions<OptionalStoreMethod, StoreSubject<S>>;

/** The provider under test, and the warehouse behind it. */
export interface StoreSubject<S extends object> extends ProviderSubject<S> {
  readonly provider: StoreProvider<S>;
  /**
   * Makes a call with an effect, in a transaction for built-in providers. By default just with `context`.
   */
  within?<T>(work: (context: ProviderContext<S>) => Promise<T>): Promise<T>;
  /** The CRM's code of a warehouse that may be reserved at. */
  readonly store: string;
  /** The CRM's code of another warehouse. */
  readonly otherStore?: string;
  /** Sets the units of an offer in `store`, or in `inStore`. The offer is made if there is none. */
  setStock(xmlId: string, units: number, inStore?: string): Promise<void>;
  /** Sets the purchase price of an offer. */
  setPrice?(xmlId: string, price: Money): void | Promise<void>;
  /** Makes a bundle of units of other offers. Missing if the service has no bundles. */
  makeBundle?(xmlId: string, parts: readonly { xmlId: string; units: number }[]): void | Promise<void>;
  /** Several accounts may use one account of the service. Order numbers are unique in one only. */
  readonly mayShareAccount?: boolean;
  /** Someone else reserves units for no warehouse. Missing if the service has no such reserves. */
  reserveElsewhere?(xmlId: string, units: number): void | Promise<void>;
  /** Makes another offer with the same xmlId. Missing if the service has no such offers. */
  makeTwin?(xmlId: string): void | Promise<void>;
  /** Time passes at the service: earlier changes are no longer recent. */
  advance?(seconds: number): void;
  /** Units of the offer that an order holds at the service, in all warehouses. Needed with `reserve`. */
  readHeld?(order: string, xmlId: string): Promise<number>;
  /** The service acts on the next call of `reserve`, and its reply is lost. Needed unless `local`. */
  loseReply?(): void;
  /** At least wrong credentials and an outage, unless the recovery is `local`. */
  readonly failures?: readonly ExpectedFailure<S>[];
  /** Makes a webhook about the offer with this xmlId. Needed with `webhook`. */
  makeWebhook?(xmlId: string): Promise<WebhookSample>;
  close?(): Promise<void>;
}

/** The optional methods of the port itself. */
const METHODS: readonly OptionalStoreMethod[] = ['reserve', 'webhook', 'listChanges'];
const MANY = 120;
/** More than services list on a page. */
const PAGES = 1_050;
const HOUR_S = 3_600;
const OTHER_CONNECTION = '0190f0e0-0000-7000-8000-00000000000b';

/**
 * Tests the requirements for every store provider. Run it in the provider's spec. Absent methods make no
 * tests. It really makes reservations, so run it against a double.
 */
export function runStoreConformance<S extends object>(name: string, options: StoreConformanceOptions<S>): void {
  const has = (method: OptionalStoreMethod): boolean => options.methods.includes(method);

  describe(`${name} as a store provider`, () => {
    const unproven = new Unproven(name);
    let subject: StoreSubject<S>;
    let provider: StoreProvider<S>;
    let context: ProviderContext<S>;
    let count = 0;

    beforeAll(async () => {
      subject = await options.start();
      ({ provider, context } = subject);
    });
    afterAll(async () => {
      unproven.print();
      await subject?.close?.();
    });
    const catchFailure = (call: Promise<unknown>): Promise<ProviderError> => catchError(() => call, subject);

    const within = <T>(work: (given: ProviderContext<S>) => Promise<T>): Promise<T> =>
      subject.within ? subject.within(work) : work(context);
    const isLocal = (): boolean => provider.manifest.recovery.kind === 'local';
    const newOffer = async (units: number): Promise<string> => {
      const xmlId = `conf-${++count}`;
      await subject.setStock(xmlId, units);
      return xmlId;
    };
    let pages: string[] | undefined;
    /** Makes more offers than a page has, once. The stock of each follows from its place. */
    const fillPages = async (): Promise<string[]> => {
      if (pages) return pages;
      pages = [];
      for (let n = 0; n < PAGES; n++) pages.push(await newOffer(n % 97));
      subject.advance?.(HOUR_S);
      return pages;
    };
    const readAvailable = async (offers: readonly OfferRef[]): Promise<(number | undefined)[]> =>
      (await provider.readStocks(offers, context)).map((stock) => stock?.stores.find(({ store }) => store === subject.store)?.available);
    const readOne = async (xmlId: string): Promise<OfferStock | undefined> => (await provider.readStocks([{ xmlId }], context))[0];
    testProvider(
      (method: ProviderMethod) => has(method),
      () => subject,
      { ...options, unproven },
    );

    it('has the methods of its port that it is said to have', () => {
      expect(METHODS.filter((method) => provider[method] !== undefined)).toEqual(METHODS.filter(has));
      expect(options.methods.filter((method) => !isProviderMethod(method) && !METHODS.includes(method))).toEqual([]);
      const seconds = provider.manifest.changesEverySeconds?.(context.settings) ?? 300;
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThanOrEqual(3600);
    });

    it('names call points of the CRM as texts', () => {
      for (const points of Object.values(provider.manifest.listCallPoints(context.settings)))
        for (const point of points as readonly unknown[]) expect(point).toMatch(/\S/);
    });

    describe('readStocks', () => {
      it('answers in the order asked, and undefined for what it does not know', async () => {
        const [first, second] = [await newOffer(3), await newOffer(0.25)];
        const asked = [{ xmlId: 'no such offer' }, { xmlId: second }, { xmlId: first }, { xmlId: second }];
        const stocks = await provider.readStocks(asked, context);
        expect(stocks.map((stock) => stock?.offer.xmlId)).toEqual([undefined, second, first, second]);
        const available = stocks.map((stock) => stock?.stores.find(({ store }) => store === subject.store)?.available);
        expect(available).toEqual([undefined, 0.25, 3, 0.25]);
        for (const stock of stocks) if (stock) checkStock(stock);
      });

      it('answers each warehouse’s own stock, and none below zero', async () => {
        const { store, otherStore } = subject;
        const xmlId = await newOffer(-2);
        const readIn = async (code: string): Promise<number> =>
          (await readOne(xmlId))?.stores.find((one) => one.store === code)?.available ?? 0;
        expect(await readIn(store)).toBe(0);
        if (otherStore === undefined) return isLocal() ? undefined : unproven.add('each warehouse has its own stock', 'otherStore');
        await subject.setStock(xmlId, 3, otherStore);
        expect([await readIn(store), await readIn(otherStore)]).toEqual([0, 3]);
        await subject.setStock(xmlId, 5);
        expect([await readIn(store), await readIn(otherStore)]).toEqual([5, 3]);
      });

      it('does not answer what is reserved for no warehouse in particular', async () => {
        if (!subject.reserveElsewhere) return;
        const xmlId = await newOffer(5);
        await subject.reserveElsewhere(xmlId, 2);
        expect(await readAvailable([{ xmlId }])).toEqual([3]);
      });

      it('answers the purchase price, in the account’s currency or not at all', async () => {
        const { setPrice } = subject;
        if (!setPrice) return isLocal() ? undefined : unproven.add('the purchase price of offers', 'setPrice');
        const { currency = 'RUB' } = context.account;
        for (const price of [toMoney(1_230_50, currency), toMoney(1_230_50, currency === 'EUR' ? 'USD' : 'EUR')]) {
          const xmlId = await newOffer(3);
          await setPrice.call(subject, xmlId, price);
          const prices = (await readOne(xmlId))?.stores.flatMap(({ purchasePrice }) => purchasePrice ?? []) ?? [];
          if (price.currency === currency) expect(prices).toContainEqual(price);
          else expect(prices).toEqual([]);
        }
        const [cheap, dear] = [await newOffer(1), await newOffer(1)];
        for (const [xmlId, minor] of [
          [cheap, 1_00],
          [dear, 9_00],
        ] as const)
          await setPrice.call(subject, xmlId, toMoney(minor, currency));
        const stocks = await provider.readStocks([{ xmlId: await newOffer(1) }, { xmlId: dear }, { xmlId: cheap }], context);
        expect(stocks.map((stock) => stock?.stores.find(({ store }) => store === subject.store)?.purchasePrice?.minor)).toEqual([
          ...[undefined, 9_00, 1_00],
        ]);
      });

      it('answers nothing for an xmlId of two offers', async () => {
        const { makeTwin } = subject;
        if (!makeTwin) return;
        const xmlId = await newOffer(3);
        await makeTwin.call(subject, xmlId);
        expect(await readOne(xmlId)).toBeUndefined();
      });

      it('answers the bundles that can be made of their parts', async () => {
        const { makeBundle, store } = subject;
        if (!makeBundle) return;
        const xmlId = `conf-${++count}`;
        await makeBundle.call(subject, xmlId, [
          { xmlId: await newOffer(9), units: 2 },
          { xmlId: await newOffer(3), units: 1 },
        ]);
        expect((await readOne(xmlId))?.stores.find((one) => one.store === store)?.available).toBe(3);
        await makeBundle.call(subject, `${xmlId}-b`, [{ xmlId: await newOffer(5), units: 2 }]);
        expect((await readOne(`${xmlId}-b`))?.stores.find((one) => one.store === store)?.available).toBe(2);
      });

      it('finds an offer again by the key it answered', async () => {
        const xmlId = await newOffer(7);
        const stock = await readOne(xmlId);
        const key = stock?.offer.key ?? '';
        expect(key).toMatch(/\S/);
        for (const offer of [{ key }, { key, xmlId: 'a name that it had' }])
          expect(await provider.readStocks([offer], context)).toEqual([stock]);
      });

      it('answers none of none, and many', async () => {
        expect(await provider.readStocks([], context)).toEqual([]);
        const offers: OfferRef[] = [];
        for (let n = 0; n < MANY; n++) offers.push({ xmlId: await newOffer(n) });
        const stocks = await provider.readStocks(offers, context);
        expect(stocks.map((stock) => stock?.offer.xmlId)).toEqual(offers.map(({ xmlId }) => xmlId));
      });

      it('answers each of more offers than a page has with its own stock', async () => {
        const offers = (await fillPages()).map((xmlId) => ({ xmlId }));
        const asked = offers.flatMap((offer, n) => (n % 100 === 0 ? [{ xmlId: `no such offer ${n}` }, offer] : [offer]));
        const right = offers.flatMap((_, n) => (n % 100 === 0 ? [undefined, n % 97] : [n % 97]));
        expect(await readAvailable(asked)).toEqual(right);
      });

      it('is not misled by what an id may hold', async () => {
        const odd = ['', ' ', 'a,b', '%', "'; DROP TABLE x; --", '*', '../..', '__proto__', 'я'.repeat(300)];
        const offers = odd.map((xmlId) => ({ xmlId }));
        try {
          const found = await provider.readStocks(offers, context);
          expect(found.filter(Boolean)).toEqual([]);
        } catch (error) {
          expect(checkProviderError(error, provider, context.settings).kind).toBe('invalid');
        }
      });
    });

    if (has('reserve')) {
      describe('reserve', () => {
        const orders = new Map<string, ExistingReservation>();
        const pack = (xmlId: string, quantity: number, item = '1'): Pack => ({ item, offer: { xmlId }, store: subject.store, quantity });
        const newOrder = (): string => String(810_000 + ++count);

        /** Reserves like the integration, and keeps the memory for the next call. */
        async function reserve(order: string, packs: Pack[], existing = orders.get(order)): Promise<void> {
          const request: ReserveRequest = { order, packs };
          const reserved = await within(async (given) => {
            if (!provider.reserve) throw new Error('the provider has no reserve');
            return provider.reserve(request, given, isLocal() ? undefined : existing);
          });
          if (isLocal()) return;
          for (const value of Object.values(reserved?.memory ?? {})) expect(typeof value).toBe('string');
          orders.set(order, {
            order,
            memory: reserved?.memory ?? existing?.memory ?? {},
            packs: mergePacks(existing?.packs ?? [], packs),
            documents: reserved?.documents ?? existing?.documents ?? [],
          });
        }
        const readHeld = async (order: string, xmlId: string): Promise<number> => {
          if (!subject.readHeld) throw new Error('the subject needs readHeld()');
          return subject.readHeld(order, xmlId);
        };

        it('holds what was asked, once, however often', async () => {
          const [order, xmlId] = [newOrder(), await newOffer(10)];
          await reserve(order, [pack(xmlId, 4)]);
          await reserve(order, [pack(xmlId, 4)]);
          expect(await readHeld(order, xmlId)).toBe(4);
          await reserve(order, [pack(xmlId, 1.5)]);
          expect(await readHeld(order, xmlId)).toBe(1.5);
          await reserve(order, [pack(xmlId, 0)]);
          expect(await readHeld(order, xmlId)).toBe(0);
        });

        it('leaves the order’s other packs, and other orders, as they are', async () => {
          const [order, other] = [newOrder(), newOrder()];
          const [first, second] = [await newOffer(10), await newOffer(10)];
          await reserve(order, [pack(first, 2)]);
          await reserve(other, [pack(first, 3)]);
          await reserve(order, [pack(second, 5, '2')]);
          await reserve(order, [pack(first, 0)]);
          expect([await readHeld(order, first), await readHeld(order, second), await readHeld(other, first)]).toEqual([0, 5, 3]);
          await reserve(order, [pack(first, 0)]);
          expect(await readHeld(order, first)).toBe(0);
        });

        it('keeps apart the orders of two accounts that share the service', async () => {
          if (!subject.mayShareAccount) return;
          const [order, xmlId] = [newOrder(), await newOffer(10)];
          await reserve(order, [pack(xmlId, 4)]);
          await provider.reserve?.({ order, packs: [pack(xmlId, 3)] }, { ...context, connectionId: OTHER_CONNECTION });
          expect(await readHeld(order, xmlId)).toBe(7);
        });

        it('holds more packs than a page has', async () => {
          const order = newOrder();
          const packs: Pack[] = [];
          for (let n = 0; n < MANY; n++) packs.push(pack(await newOffer(5), 1, String(n)));
          const refused: unknown = await reserve(order, packs).catch((error: unknown) => error);
          if (refused instanceof ProviderError) return expect(['invalid', 'rejected']).toContain(refused.kind);
          expect(refused).toBeUndefined();
          const last = packs.at(-1)?.offer.xmlId ?? '';
          await reserve(order, [pack(last, 3, String(MANY - 1))]);
          const held = await Promise.all(packs.map(({ offer }) => readHeld(order, offer.xmlId ?? '')));
          expect(held).toEqual(packs.map(({ offer }) => (offer.xmlId === last ? 3 : 1)));
        });

        it('refuses all when one is short, and says which', async () => {
          const order = newOrder();
          const [enough, short] = [await newOffer(10), await newOffer(1)];
          const error = await catchFailure(reserve(order, [pack(enough, 2), pack(short, 2, '2')]));
          expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['rejected', ['packs[1].quantity']]);
          expect([await readHeld(order, enough), await readHeld(order, short)]).toEqual([0, 0]);
          await reserve(order, [pack(enough, 2)]);
          expect(await readHeld(order, enough)).toBe(2);
        });

        it('refuses an offer that it does not know', async () => {
          const error = await catchFailure(reserve(newOrder(), [pack('no such offer', 1)]));
          expect([error.kind, Object.keys(error.fields ?? {})[0]]).toEqual(['rejected', expect.stringMatching(/^packs\[0\]/)]);
        });

        it('is made once although its reply is lost', async () => {
          if (isLocal()) return;
          const [order, xmlId] = [newOrder(), await newOffer(10)];
          await reserve(order, [pack(xmlId, 1)]);
          if (!subject.loseReply) throw new Error('the subject needs loseReply()');
          subject.loseReply();
          const lost = await catchFailure(reserve(order, [pack(xmlId, 3)]));
          expect(['unknown_outcome', 'unavailable']).toContain(lost.kind);
          // Like the integration: the same request, with the previous memory.
          await reserve(order, [pack(xmlId, 3)]);
          expect(await readHeld(order, xmlId)).toBe(3);
          await reserve(order, [pack(xmlId, 2)]);
          expect(await readHeld(order, xmlId)).toBe(2);
        });

        const reservations: Effect<S>[] = [
          {
            ...{ name: 'reserve', mayBeRepeated: true },
            prepare: async () => {
              const [order, xmlId] = [newOrder(), await newOffer(10)];
              const request: ReserveRequest = { order, packs: [pack(xmlId, 3)] };
              const act = async (given: ProviderContext<S>): Promise<unknown> => provider.reserve?.(request, given);
              return { act, isDone: async () => (await readHeld(order, xmlId)) === 3, repeat: async () => (await act(context), order) };
            },
          },
          {
            ...{ name: 'reserve of a change', mayBeRepeated: true },
            prepare: async () => {
              const [order, xmlId] = [newOrder(), await newOffer(10)];
              await reserve(order, [pack(xmlId, 1)]);
              const request: ReserveRequest = { order, packs: [pack(xmlId, 3)] };
              const existing = orders.get(order);
              const act = async (given: ProviderContext<S>): Promise<unknown> => provider.reserve?.(request, given, existing);
              return { act, isDone: async () => (await readHeld(order, xmlId)) === 3, repeat: async () => (await act(context), order) };
            },
          },
        ];
        testEffects(reservations, () => subject, { isLocal, unproven });

        it('keeps to a signal that has ended', async () => {
          if (isLocal()) return;
          const [order, xmlId] = [newOrder(), await newOffer(10)];
          const gone = { ...context, signal: AbortSignal.abort() };
          const call = Promise.resolve(provider.reserve?.({ order, packs: [pack(xmlId, 1)] }, gone));
          expect((await catchFailure(call)).kind).toBe('unavailable');
          expect(await readHeld(order, xmlId)).toBe(0);
        });
      });
    }

    if (has('listChanges')) {
      describe('listChanges', () => {
        /** Reads all changes since a cursor, like the integration. */
        async function readAll(cursor: string | undefined, given = context): Promise<{ keys: string[]; cursor: string }> {
          const keys: string[] = [];
          let next = cursor;
          for (let call = 0; call < 1000; call++) {
            const update = await provider.listChanges?.(next, given);
            if (!update) throw new Error('the provider lists no changes');
            for (const { key } of update.offers) keys.push(key);
            expect(update.cursor.length).toBeLessThanOrEqual(4000);
            if (update.againSeconds !== undefined) expect(update.againSeconds).toBeGreaterThanOrEqual(1);
            if (!update.more) return { keys, cursor: update.cursor };
            expect(update.cursor).not.toBe(next);
            next = update.cursor;
          }
          throw new Error('it never ends');
        }

        it('names what changed since the cursor, and may be asked again', async () => {
          const [changed, same] = [await newOffer(1), await newOffer(1)];
          const { cursor } = await readAll(undefined);
          const [changedKey, sameKey] = [(await readOne(changed))?.offer.key, (await readOne(same))?.offer.key];
          expect((await readAll(cursor)).keys).not.toContain(changedKey);
          await subject.setStock(changed, 5);
          for (let time = 0; time < 2; time++) {
            const { keys } = await readAll(cursor);
            expect(keys).toContain(changedKey);
            expect(keys).not.toContain(sameKey);
          }
          const after = await readAll((await readAll(cursor)).cursor);
          expect(after.keys).not.toContain(changedKey);
        });

        it('misses nothing of many', async () => {
          const { cursor } = await readAll(undefined);
          const offers: string[] = [];
          for (let n = 0; n < MANY; n++) offers.push(await newOffer(n + 1));
          const { keys } = await readAll(cursor);
          const refs = offers.map((xmlId) => ({ xmlId }));
          const stocks = await provider.readStocks(refs, context);
          expect(stocks.filter((stock) => !stock || !keys.includes(stock.offer.key))).toEqual([]);
        });

        it('lists all at first, also what is behind the first page, or nothing', async () => {
          const offers = (await fillPages()).map((xmlId) => ({ xmlId }));
          // By then no offer is a recent change.
          const later = subject.advance ? new Date(Date.now() + HOUR_S * 1_000) : context.now;
          const { keys } = await readAll(undefined, { ...context, now: later });
          const listed = new Set(keys);
          const missing = (await provider.readStocks(offers, context)).filter((stock) => !listed.has(stock?.offer.key ?? ''));
          expect(listed.size === 0 ? [] : missing).toEqual([]);
        });

        it('goes on from a cursor that it does not know', async () => {
          const xmlId = await newOffer(1);
          const { keys, cursor } = await readAll('a cursor of other settings');
          // All goods, or only later changes. Then as usual.
          expect(keys.length === 0 || keys.includes((await readOne(xmlId))?.offer.key ?? '')).toBe(true);
          await subject.setStock(xmlId, 2);
          expect((await readAll(cursor)).keys).toContain((await readOne(xmlId))?.offer.key);
        });
      });
    }

    if (has('webhook')) {
      describe('webhook', () => {
        const makeSample = async (): Promise<WebhookSample> => {
          if (!subject.makeWebhook) throw new Error('the subject needs makeWebhook()');
          return subject.makeWebhook(await newOffer(2));
        };
        const getWebhook = (): NonNullable<StoreProvider<S>['webhook']> => {
          if (!provider.webhook) throw new Error('the provider has no webhook');
          return provider.webhook;
        };
        testWebhook(() => subject, getWebhook, makeSample, unproven);

        it('names offers by their keys, and none where nothing is signed', async () => {
          const xmlId = await newOffer(2);
          const sample = await subject.makeWebhook?.(xmlId);
          if (!sample) throw new Error('the subject needs makeWebhook()');
          const { request, signed } = sample;
          for (const { offers } of getWebhook().parse(request, context)) {
            if (!signed) expect(offers).toBeUndefined();
            else if (offers) expect(offers.map(({ key }) => key)).toContain((await readOne(xmlId))?.offer.key);
            // Otherwise it only reports that something changed.
            else expect(has('listChanges')).toBe(true);
          }
        });
      });
    }

    testFailures(() => ({ ...subject, isLocal: isLocal() }));

    it('keeps to a signal that has ended', async () => {
      if (isLocal()) return;
      const gone = { ...context, signal: AbortSignal.abort() };
      const xmlId = await newOffer(1);
      expect((await catchFailure(provider.readStocks([{ xmlId }], gone))).kind).toBe('unavailable');
      if (provider.listChanges) expect((await catchFailure(provider.listChanges(undefined, gone))).kind).toBe('unavailable');
    });

    function checkStock({ offer, stores }: OfferStock): void {
      expect(offer.key).toMatch(/\S/);
      expect(new Set(stores.map(({ store }) => store)).size).toBe(stores.length);
      for (const { store, available, purchasePrice } of stores) {
        expect(store).toMatch(/\S/);
        if (available !== undefined) expect(available).toBeGreaterThanOrEqual(0);
        if (!purchasePrice) continue;
        expect(Number.isSafeInteger(purchasePrice.minor) && purchasePrice.minor >= 0).toBe(true);
        expect(purchasePrice.currency).toBe(context.account.currency);
      }
    }
  });
}
