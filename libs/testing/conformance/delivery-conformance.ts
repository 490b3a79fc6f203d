import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import {
  type ProviderError,
  type Money,
  type ProviderContext,
  type ProviderErrorKind,
  replaceSignal,
  type WebhookRequest,
} from '#provider-kit';
import { countPieces, toPieceAmount } from '#delivery/port';
import type {
  Address,
  CalculateRequest,
  DataField,
  DeliveryManifest,
  DeliveryProvider,
  ExistingDelivery,
  ExistingShipment,
  ExtraData,
  PickupPoint,
  SavedDelivery,
  SaveRequest,
  ShipmentRequest,
} from '#delivery/port';
import { existingDelivery, existingShipment } from '../builders.js';
import { MemoryCache } from '../memory-cache.js';
import { pdfPages } from '../pdf.js';
import { readFigure, readFigures, type ServiceContents, type ServiceFigures, toContents, toFigures } from './figures.js';
import { type Effect, recoverBy, type ServiceFaults, Unproven } from './lost-calls.js';
import {
  attempt,
  catchError,
  checkProviderError,
  type ExpectedFailure,
  isProviderMethod,
  type ProviderSamples,
  testEffects,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider-conformance.js';
import { type PrintJobs, testStrategies } from './strategies.js';
import { testUntidyOrders, type UntidyOrders } from './untidy-orders.js';
import { testWebhook } from './webhook-conformance.js';

/** Methods a provider may lack. */
export type OptionalDeliveryMethod = Exclude<keyof DeliveryProvider, 'manifest' | 'calculate' | 'save'>;

/** Facts that the suite needs before it runs. */
export type DeliveryConformanceOptions<S extends object> = ConformanceOptions<OptionalDeliveryMethod, DeliverySubject<S>>;

/** A delivery with customs papers. */
export interface CustomsSample {
  /** An address abroad. */
  to: Address;
  /** The papers of the last order: value, number and weight of all pieces. */
  declared(): CustomsPapers | Promise<CustomsPapers>;
}

export interface CustomsPapers extends ServiceContents {
  value: Money;
}

/** Figures by call. A save may answer no price. */
export interface ExpectedFigures {
  readonly quote?: ServiceFigures;
  readonly save?: Partial<ServiceFigures>;
  /** Minor units that the settings add to a price for cash on delivery. */
  readonly codFee?: (cod: Money) => number;
  /** The weight of all parcels of the last shipment. */
  readonly shipment?: Partial<Pick<ServiceFigures, 'weightGrams' | 'step'>>;
  /**
   * Number of points, on more than one page if the service has pages: `accepting` in `listPickupPoints`
   * without a filter, `pickup` in the tariffs of `quote`.
   */
  readonly points?: { readonly accepting?: number; readonly pickup?: number };
}

/** The provider under test and samples that fit it. */
export interface DeliverySubject<S extends object> {
  provider: DeliveryProvider<S>;
  /** Valid settings; `now` is the true time when there are signed webhooks. */
  context: ProviderContext<S>;
  /** For check, connect and lookUp. */
  samples?: ProviderSamples<S>;
  /** A question that has an answer, with its currency. */
  quote: CalculateRequest;
  /** A request from or to a place that the provider does not serve. */
  unserved: CalculateRequest;
  /** A request that can be registered: `order` makes it another order's. */
  save(reference: string, order: string): SaveRequest;
  /** The same with an allowed change, best to the recipient. Without it, every change must be rejected. */
  edit?(request: SaveRequest): SaveRequest;
  /** Needed with `saveShipment`. */
  shipment?(reference: string, deliveries: ExistingDelivery[]): ShipmentRequest;
  /** Whether several accounts may use one contract. Our references are unique in one account only. */
  readonly mayShareContract?: boolean;
  /** Waits until the provider has finished its work (asynchronous registration). */
  settle?(): Promise<void>;
  /** Our status for the provider's (`x.statuses.ts`); needed unless the recovery is `local`. */
  statusOf?(code: string): string;
  /** All codes of the service. By `statusOf` they, and `reach`, must lead to every status of the manifest. */
  readonly serviceCodes?: readonly string[];
  /** Codes that mean no status, such as `unknown`. */
  readonly undecidedCodes?: readonly string[];
  /** The codes of the service that end a delivery without an alarm, such as delivered and returned. */
  readonly successCodes?: readonly string[];
  /** Plays a status that no single code leads to at the service, by its code. Returns our status then. */
  readonly reach?: Readonly<Record<string, (delivery: ExistingDelivery) => Promise<string>>>;
  /** Loses calls at the service. Without it the suite does not prove that nothing is done twice. */
  readonly faults?: ServiceFaults;
  /**
   * Figures of `quote` and of the last new delivery (`save`), or the same for both. Without them units and
   * currencies are not proved.
   */
  readonly expected?: ServiceFigures | ExpectedFigures;
  /**
   * Runs `work`, which cancels the delivery. The service refuses, as it does for a parcel on its way: by its
   * status, or (`isInReply`) in a reply with HTTP 200, if it has such replies.
   */
  whileCancelRefused?<T>(work: () => Promise<T>, delivery: ExistingDelivery, isInReply: boolean): Promise<T>;
  /** The same for a shipment. */
  whileShipmentCancelRefused?<T>(work: () => Promise<T>, shipment: ExistingShipment, isInReply: boolean): Promise<T>;
  /** Goods sent abroad; `none`: the provider declares nothing to customs. */
  readonly customs?: CustomsSample | 'none';
  /** At least wrong credentials and an outage, unless the recovery is `local`. */
  failures?: readonly ExpectedFailure<S>[];
  /** Needed with `webhook`. */
  webhook?: {
    /** A genuine webhook about the delivery, as it arrives. */
    make(delivery: ExistingDelivery): Promise<WebhookRequest>;
    /** Are its bytes signed? */
    signed: boolean;
    /** Is its time signed too? */
    dated: boolean;
  };
  /** A printed page must contain one of these texts. By default track number, provider's id or reference. */
  marks?(delivery: ExistingDelivery): string[];
  /** The service takes the last status of a delivery back. Missing if it never does. */
  takeBack?(delivery: ExistingDelivery): void | Promise<void>;
  /** Runs `work` while the service checks nothing that it accepts. Needed for `create-and-wait`. */
  whileUnchecked?<T>(work: () => Promise<T>): Promise<T>;
  /** Needed for `print-job`. */
  readonly printJobs?: PrintJobs;
  /** Plays untidy orders. Without it, only the samples are played. */
  untidy?: UntidyOrders<S>;
  close?(): Promise<void>;
}

/** How far a time of the service may be from ours: it may have whole minutes only. */
const CLOCK_MS = 90_000;
/** How long calls have whose outcome stays open: before any look at it, and after some. */
const UNCHECKED_MS = [100, 600];
/** More than services return in one reply. */
const MANY = 101;
const OTHER_CONNECTION = '0190f0e0-0000-7000-8000-00000000000b';
const LONG_STREET = 'del Licenciado Gustavo Díaz Ordaz y de la Constitución';
const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const ODD_CODES = [
  ...['', ' ', 'NO_SUCH_CODE', 'DELIVERED_SOON', 'delivered?', 'success', '0', '-1', 'null', 'undefined'],
  ...['__proto__', 'constructor', 'toString', 'Доставлен'],
];

/**
 * Tests the requirements for every delivery provider. Run it in the provider's spec. Absent methods make no
 * tests. It registers orders, so run it against a double.
 */
export function runDeliveryConformance<S extends object>(name: string, options: DeliveryConformanceOptions<S>): void {
  const has = (method: OptionalDeliveryMethod): boolean => options.methods.includes(method);

  describe(`${name} as a delivery provider`, () => {
    const run = Date.now().toString(36);
    const unproven = new Unproven(name);
    let count = 0;
    let subject: DeliverySubject<S>;
    let provider: DeliveryProvider<S>;
    let context: ProviderContext<S>;
    let manifest: DeliveryManifest<S>;

    beforeAll(async () => {
      subject = await options.start();
      ({ provider, context } = subject);
      // As these settings make it.
      manifest = Object.assign(
        Object.create(provider.manifest) as DeliveryManifest<S>,
        provider.manifest.bySettings?.(structuredClone(context.settings)),
      );
    });
    afterAll(async () => {
      unproven.print();
      await subject?.close?.();
    });

    const newReference = (): string => `conf-${run}-${++count}`;
    const newRequest = (reference = newReference()): SaveRequest => subject.save(reference, String(700_000 + count));
    const settle = async (): Promise<void> => subject.settle?.();
    const statusCodes = (): string[] => manifest.statuses.map(({ code }) => code);
    const isLocal = (): boolean => manifest.recovery.kind === 'local';

    /** Registers a new delivery and returns it as stored. */
    async function registered(request = newRequest()): Promise<ExistingDelivery> {
      const first = await provider.save(request, context);
      await settle();
      // Values that came after the reply (a track number) are stored by then.
      const now = (await provider.find?.(request.reference, context)) ?? first;
      return existingDelivery({ ...first, ...now }, request);
    }

    /** Makes a call whose time ends while the service has accepted it and still checks it. */
    async function actUnchecked(
      ms: number,
      act: (given: ProviderContext<S>) => Promise<unknown>,
      isDone?: () => Promise<boolean>,
    ): Promise<void> {
      await subject.whileUnchecked?.(async () => {
        const [result] = await Promise.allSettled([act(replaceSignal(context, AbortSignal.timeout(ms)))]);
        if (result?.status === 'rejected')
          expect(['unknown_outcome', 'unavailable', 'rate_limited']).toContain(checkError(result.reason).kind);
        // A service may do it without a check.
        else expect(await isDone?.()).not.toBe(false);
      });
    }

    /** Notes a promise that nothing proves. Our own services have no service behind them. */
    const leaveOpen = (promise: string, member: string): void => {
      if (!isLocal()) unproven.add(promise, member);
    };
    const getEdit = (): ((request: SaveRequest) => SaveRequest) | undefined => subject.edit?.bind(subject);

    function checkSaved(saved: SavedDelivery, request: SaveRequest): void {
      expect(saved.externalId).toEqual(expect.stringMatching(/\S/));
      expect(statusCodes()).toContain(saved.status);
      if (saved.trackNumber !== undefined) expect(saved.trackNumber).toEqual(expect.stringMatching(/\S/));
      expect(moneyProblems('cost', saved.cost, request.currency)).toEqual([]);
      expect(extraDataProblems(saved.extraData, manifest.dataFields)).toEqual([]);
    }

    testProvider(has, () => subject, { ...options, unproven });

    it('has the methods of its port that it is said to have', () => {
      const optional: OptionalDeliveryMethod[] = [
        ...(['find', 'cancel', 'get', 'print', 'listPickupPoints', 'listTariffs', 'autocomplete'] as const),
        ...(['saveShipment', 'findShipment', 'cancelShipment', 'track', 'webhook'] as const),
      ];
      expect(optional.filter((method) => provider[method] !== undefined).sort()).toEqual(
        options.methods.filter((method) => !isProviderMethod(method)).sort(),
      );
    });

    describe('the manifest', () => {
      it('delivers to countries that exist', () => {
        const countries = manifest.deliveryCountries ?? [];
        const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
        expect(countries.filter((code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) === undefined)).toEqual([]);
        expect(repeated(countries)).toEqual([]);
      });

      it('has every text in three languages', () => {
        const fields = [...manifest.dataFields, ...manifest.shipmentDataFields];
        const texts = [
          ...(manifest.description ? [manifest.description] : []),
          ...manifest.statuses.map((status) => status.name),
          ...manifest.forms.map((form) => form.label),
          ...fields.flatMap((field) => [
            field.label,
            ...(field.hint ? [field.hint] : []),
            ...(field.choices ?? []).map((choice) => choice.label),
          ]),
        ];
        expect(texts.filter((text) => CRM_LANGUAGES.some((language) => !text[language]?.trim()))).toEqual([]);
      });

      it('has statuses in life order', () => {
        const { statuses } = manifest;
        expect(statusCodes().filter((code) => !CODE.test(code))).toEqual([]);
        expect(repeated(statusCodes())).toEqual([]);
        const flags = (test: (status: (typeof statuses)[number]) => boolean | undefined): string[] =>
          statuses.filter((status) => test(status)).map(({ code }) => code);
        // Being registered is the beginning of a life and never its end.
        expect(
          statuses.slice(flags(({ isPreprocessing }) => isPreprocessing).length).filter(({ isPreprocessing }) => isPreprocessing),
        ).toEqual([]);
        expect(flags(({ isPreprocessing, isFinal }) => isPreprocessing && isFinal)).toEqual([]);
        expect(flags(({ isFinal, isEditable }) => isFinal && isEditable)).toEqual([]);
        expect(statuses[0]?.isFinal ?? false).toBe(false);
        // A success: an end, no alarm, not a cancellation.
        expect(flags(({ code, isFinal, isError }) => isFinal && !isError && code !== manifest.cancelledStatus)).not.toEqual([]);
        const cancelled = statuses.find(({ code }) => code === manifest.cancelledStatus);
        expect(cancelled).toMatchObject({ isFinal: true });
        expect(cancelled?.isError ?? false).toBe(false);
        expect(flags(({ isFinal }) => isFinal)).toContain(statusCodes().at(-1));
      });

      it('has printed forms when, and only when, it prints', () => {
        expect(manifest.forms.length > 0).toBe(has('print'));
        expect(manifest.forms.filter(({ code }) => !CODE.test(code))).toEqual([]);
        expect(repeated(manifest.forms.map(({ entity, code }) => `${entity} ${code}`))).toEqual([]);
        if (manifest.forms.some(({ entity }) => entity === 'shipment')) expect(has('saveShipment')).toBe(true);
        if (has('print')) expect(manifest.printLimit).toBeGreaterThanOrEqual(1);
      });

      it('has data fields that can be shown and filled', () => {
        for (const fields of [manifest.dataFields, manifest.shipmentDataFields]) {
          expect(fields.filter(({ code }) => !CODE.test(code))).toEqual([]);
          expect(repeated(fields.map(({ code }) => code))).toEqual([]);
          expect(fields.filter(({ type, choices }) => (type === 'choice') !== (choices !== undefined && choices.length > 0))).toEqual([]);
          expect(fields.filter(({ choices }) => repeated((choices ?? []).map(({ code }) => code)).length > 0)).toEqual([]);
          expect(fields.filter(({ required, editable }) => required && editable === false)).toEqual([]);
        }
        const fields = [...manifest.dataFields, ...manifest.shipmentDataFields];
        expect(fields.some(({ type }) => type === 'autocomplete')).toBe(has('autocomplete'));
        if (!has('saveShipment')) expect(manifest.shipmentDataFields).toEqual([]);
      });

      it('promises no recovery it cannot keep', () => {
        expect(manifest.payerTypes.length).toBeGreaterThan(0);
        expect(repeated(manifest.payerTypes)).toEqual([]);
        expect(manifest.payerTypes.filter((type) => type !== 'receiver' && type !== 'sender')).toEqual([]);
        if (manifest.recovery.kind === 'find') {
          expect(manifest.recovery.settleSeconds).toBeGreaterThanOrEqual(0);
          expect(has('find')).toBe(true);
          if (has('saveShipment')) expect(has('findShipment')).toBe(true);
        }
        if (has('cancelShipment')) expect(has('saveShipment')).toBe(true);
      });

      it('starts shops with what it offers', () => {
        const { payerType, statuses = [], deliveryExtraData, shipmentExtraData } = manifest.shopDefaults ?? {};
        if (payerType) expect(manifest.payerTypes).toContain(payerType);
        expect(statuses.map(({ status }) => status).filter((code) => !statusCodes().includes(code))).toEqual([]);
        expect(extraDataProblems(deliveryExtraData, manifest.dataFields)).toEqual([]);
        expect(extraDataProblems(shipmentExtraData, manifest.shipmentDataFields)).toEqual([]);
      });
    });

    describe('calculate', () => {
      // Before other tests make the same request, because prices may be cached.
      it('asks with the right weight and sides, and answers the service’s price', async () => {
        const { quote } = subject;
        const expected = getExpected().quote;
        if (expected === undefined) return unproven.add('weight, sides and prices of quotes', 'expected.quote');
        const { cod = quote.declaredValue } = quote;
        const asked = expected.collected && cod ? { ...quote, cod } : quote;
        const tariffs = await provider.calculate(asked, context);
        const told = await readFigures(expected);
        expect(told).toEqual(toFigures(expected, asked, told));
        expect(tariffs.map(({ cost }) => cost)).toContainEqual(await readFigure(expected.cost));
        const pickup = Math.max(0, ...tariffs.map(({ pickupPoints }) => pickupPoints?.length ?? 0));
        const { points } = getExpected();
        if (points?.pickup !== undefined) expect(pickup).toBe(points.pickup);
        else if (pickup > 0) leaveOpen('buyers see every page of points', 'expected.points.pickup');
        // Prices may be kept, but not for another parcel.
        const another = makeHeavier(asked, 101);
        await provider.calculate(another, context);
        const again = await readFigures(expected);
        expect(again).toEqual(toFigures(expected, another, again));
      });

      it('asks for the order’s currency, in the account’s language, or says that it cannot', async () => {
        const expected = getExpected().quote;
        if (expected === undefined) return;
        const { declaredValue: _, cod: _cod, ...bare } = subject.quote;
        for (const currency of ['EUR', 'USD'].filter((one) => one !== bare.currency)) {
          const tariffs = await orProviderError(provider.calculate({ ...bare, currency }, context), [], ['invalid', 'rejected']);
          const costs = tariffs.flatMap(({ cost }) => cost ?? []);
          expect(costs.map((cost) => cost.currency)).toEqual(costs.map(() => currency));
          if (costs.length === 0) continue;
          // An amount that only got the name of another currency would be equal to a constant's.
          if (typeof expected.cost !== 'function')
            throw new Error(`calculate has prices in ${currency}: make expected.quote.cost a function of what the service returned last`);
          expect(costs).toContainEqual(await readFigure(expected.cost));
        }
        if (expected.language === undefined) return;
        for (const [at, language] of CRM_LANGUAGES.entries()) {
          const account = { ...context.account, language };
          await provider.calculate(makeHeavier(subject.quote, at + 1), { ...context, account });
          expect(['en', language]).toContain(await readFigure(expected.language));
        }
      });

      it('answers the service’s days', async () => {
        const expected = getExpected().quote;
        if (expected?.days === undefined) return leaveOpen('the days of a quote', 'expected.quote.days');
        const tariffs = await provider.calculate(subject.quote, context);
        const cost = await readFigure(expected.cost);
        const days = tariffs.filter((one) => isDeepStrictEqual(one.cost, cost)).map(({ minTerm, maxTerm }) => [minTerm, maxTerm]);
        expect(days).toContainEqual(await readFigure(expected.days));
      });

      it('adds the fee of its settings for cash on delivery', async () => {
        const { codFee } = getExpected();
        const { declaredValue: cod } = subject.quote;
        if (!codFee || !cod) return;
        const [plain, withCash] = [
          await provider.calculate(subject.quote, context),
          await provider.calculate({ ...subject.quote, cod }, context),
        ];
        const costs = new Map(plain.map(({ code, cost }) => [code, cost?.minor ?? NaN]));
        expect(withCash.map(({ code, cost }) => [code, cost?.minor])).toEqual(
          withCash.map(({ code }) => [code, (costs.get(code) ?? NaN) + codFee(cod)]),
        );
      });

      it('answers prices in the order’s currency', async () => {
        const { quote } = subject;
        expect(quote.currency).toMatch(/^[A-Z]{3}$/);
        const tariffs = await provider.calculate(quote, context);
        expect(tariffs.length).toBeGreaterThan(0);
        expect(repeated(tariffs.map(({ code }) => code))).toEqual([]);
        const fieldCodes = manifest.dataFields.map(({ code }) => code);
        const problems = tariffs.flatMap((tariff) => [
          ...(tariff.code.trim() === '' || tariff.name.trim() === '' ? ['a tariff without code or name'] : []),
          ...(tariff.type === 'courier' || tariff.type === 'selfDelivery' ? [] : [`${tariff.code}: type ${String(tariff.type)}`]),
          ...moneyProblems(tariff.code, tariff.cost, quote.currency),
          ...termProblems(tariff.code, tariff.minTerm, tariff.maxTerm),
          ...extraDataProblems(tariff.extraData, manifest.dataFields),
          ...(tariff.extraDataAvailable ?? [])
            .filter((code) => !fieldCodes.includes(code))
            .map((code) => `${tariff.code}: unknown field ${code}`),
          ...pointProblems(tariff.pickupPoints ?? [], quote.currency),
        ]);
        expect(problems).toEqual([]);
        expect(tariffs.some(({ cost }) => cost !== undefined)).toBe(true);
      });

      it('answers an empty list where it does not deliver', async () => {
        await expect(provider.calculate(subject.unserved, context)).resolves.toEqual([]);
      });

      it('says so in its own words when too little is known', async () => {
        const { quote } = subject;
        const asked: CalculateRequest[] = [
          { parcels: quote.parcels, extraData: {} },
          { ...quote, to: {}, from: {} },
          { ...quote, to: { text: 'somewhere' } },
          { ...quote, parcels: quote.parcels.map((parcel) => ({ weight: parcel.weight, items: [] })) },
          { ...quote, parcels: [{ weight: 1_000_000_000, width: 1_000_000, length: 1_000_000, height: 1_000_000, items: [] }] },
          { ...quote, currency: 'XTS' },
          {
            ...quote,
            shipmentDate: '2020-01-01',
            deliveryDate: '2020-01-01',
            deliveryTime: { from: '23:59' },
            extraData: { nothing: 'known' },
          },
        ];
        for (const request of asked)
          await attempt(`calculate(${JSON.stringify(request)})`, async () => {
            expect(Array.isArray(await orProviderError(provider.calculate(request, context), []))).toBe(true);
          });
      });
    });

    describe('save', () => {
      it('answers a delivery in the manifest’s words', async () => {
        const request = newRequest();
        const saved = await provider.save(request, context);
        checkSaved(saved, request);
        // The product takes a price in another currency for a wrong reply.
        if (saved.cost && request.currency) expect(saved.cost.currency).toBe(request.currency);
        expect(manifest.statuses.find(({ code }) => code === saved.status)).not.toMatchObject({ isFinal: true });
        expect(saved.status).not.toBe(manifest.cancelledStatus);
        await settle();
      });

      it('makes another delivery for another reference', async () => {
        const [first, second] = [await registered(), await registered()];
        expect(first.externalId).not.toBe(second.externalId);
        if (manifest.trackNumber && first.trackNumber !== undefined) expect(first.trackNumber).not.toBe(second.trackNumber);
      });

      it('keeps apart the references of two accounts that share a contract', async () => {
        if (!subject.mayShareContract) return leaveOpen('accounts with one contract have deliveries of their own', 'mayShareContract');
        const request = newRequest();
        const other = { ...context, connectionId: OTHER_CONNECTION };
        const theirs = await provider.save(request, other);
        await settle();
        if (provider.find) expect(await provider.find(request.reference, context)).toBeUndefined();
        const ours = await provider.save(request, context);
        await settle();
        expect(ours.externalId).not.toBe(theirs.externalId);
        if (provider.find) expect((await provider.find(request.reference, other))?.externalId).toBe(theirs.externalId);
      });

      it('answers the same delivery for the same reference, where that is its recovery', async () => {
        const request = newRequest();
        const first = await provider.save(request, context);
        if (!['find', 'idempotency-key'].includes(manifest.recovery.kind)) return;
        const again = await provider.save(request, context);
        expect(again.externalId).toBe(first.externalId);
        await settle();
        const later = await provider.save(request, context);
        expect(later.externalId).toBe(first.externalId);
        checkSaved(later, request);
      });

      it('keeps the delivery when it is edited, and the service has the change, or refuses it', async () => {
        const edit = getEdit();
        const existing = await registered();
        if (!edit) {
          const recipient = { ...existing.request.recipient, name: 'Another Person', phone: '+14155550199' };
          const error = await catchFailure(provider.save({ ...existing.request, recipient }, context, existing));
          return expect(['invalid', 'rejected']).toContain(error.kind);
        }
        const request = edit(existing.request);
        const saved = await provider.save(request, context, existing);
        checkSaved(saved, request);
        expect(saved.externalId).toBe(existing.externalId);
        await settle();
        const expected = getExpected().save ?? {};
        const told = await readFigures(expected);
        const right = toFigures(expected, request, told);
        expect(told).toEqual(right);
        if (isDeepStrictEqual(right, toFigures(expected, existing.request, told)))
          leaveOpen('a change reaches the service', 'edit() a change of something in expected.save, such as its recipient');
        const again = await provider.save(request, context, { ...existing, request });
        expect(again.externalId).toBe(existing.externalId);
        if (provider.find) expect((await provider.find(existing.reference, context))?.externalId).toBe(existing.externalId);
      });

      it('sends the right weight, sides and people, and answers the service’s price', async () => {
        const expected = getExpected().save;
        if (expected === undefined) return unproven.add('weight, sides and prices of orders', 'expected.save');
        for (const part of ['recipient', 'sender', 'contents'] as const)
          if (!expected[part]) leaveOpen(`the ${part} of an order`, `expected.save.${part}`);
        const request = newRequest();
        // A line of a label has 35 to 50 characters.
        const lengthen = (text: string | undefined): string | undefined =>
          text?.replace(request.to?.street ?? /$/, (street) => `${street} ${LONG_STREET}`);
        const to = { ...request.to, street: lengthen(request.to?.street), text: lengthen(request.to?.text) } as Address;
        for (const asked of [request, { ...newRequest(), to }]) {
          const existing = await registered(asked);
          const told = await readFigures(expected);
          expect(told).toEqual(toFigures(expected, asked, told));
          if (expected.cost === undefined) continue;
          const { cost = existing.cost } = (await provider.get?.(existing, context)) ?? {};
          expect(cost).toEqual(await readFigure(expected.cost));
        }
      });

      it('sends the day by the shop’s own clock, and none that is over', async () => {
        const { quote, save } = getExpected();
        const today = new Date().toISOString().slice(0, 10);
        // There it is the next day already.
        const account = { ...context.account, timeZone: 'Pacific/Kiritimati' };
        const given = { ...context, account, now: new Date(`${today}T12:00:00Z`) };
        const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
        for (const shipmentDate of [tomorrow, today]) {
          const days: (string | undefined)[] = [];
          if (quote?.handover) await provider.calculate({ ...subject.quote, shipmentDate }, given);
          if (quote?.handover) days.push((await readFigure(quote.handover))?.slice(0, 10));
          if (save?.handover) await provider.save({ ...newRequest(), shipmentDate }, given);
          if (save?.handover) days.push((await readFigure(save.handover))?.slice(0, 10));
          for (const day of days)
            if (shipmentDate === tomorrow) expect(day).toBe(tomorrow);
            else expect(day).not.toBe(today);
        }
        await settle();
      });

      it('answers a price in the order’s currency, whatever that is, or none', async () => {
        const currency = subject.quote.currency === 'EUR' ? 'USD' : 'EUR';
        const [whole, plain] = [toCurrency(newRequest(), currency), toCurrency(newRequest(), currency)];
        // Services that convert no values may still take an order without any.
        const { declaredValue: _, collect: _collect, ...bare } = plain;
        const parcels = plain.parcels.map((parcel) => ({
          ...parcel,
          items: parcel.items.map(({ declaredValue: _declared, ...item }) => item),
        }));
        for (const request of [whole, { ...bare, parcels }]) {
          const saved = await orProviderError(provider.save(request, context), undefined, ['invalid', 'rejected']);
          await settle();
          const state = saved && (await provider.get?.(existingDelivery(saved, request), context));
          const { cost: priced } = getExpected().save ?? {};
          for (const cost of [saved?.cost, state?.cost]) {
            expect(moneyProblems('cost', cost, currency)).toEqual([]);
            if (cost && priced) expect(cost).toEqual(await readFigure(priced));
          }
        }
      });

      it('takes no cash and no second package that its manifest does not offer', async () => {
        const { cod, packages } = manifest;
        const request = newRequest();
        const collect = { currency: request.currency ?? 'EUR', goods: 10_00, delivery: 0, total: 10_00, perItem: [[10_00]] };
        const [parcel] = request.parcels;
        const beyond: [boolean, string, Partial<SaveRequest>][] = [
          [cod, 'cash to be collected (the manifest has cod: false)', { collect }],
          [packages, 'two packages (the manifest has packages: false)', { parcels: parcel ? [parcel, { ...parcel, packageId: '2' }] : [] }],
        ];
        for (const [isOffered, what, change] of beyond)
          if (!isOffered)
            await attempt(`save of an order with ${what}`, async () => {
              const error = await catchFailure(provider.save({ ...request, ...change, reference: newReference() }, context));
              expect(['invalid', 'rejected']).toContain(error.kind);
            });
      });

      it('declares the value and the number of all pieces to customs', async () => {
        const { customs } = subject;
        if (customs === undefined) return leaveOpen('what customs are told', "customs, or customs: 'none'");
        if (customs === 'none') return;
        const request = newRequest();
        const [first, ...others] = request.parcels;
        if (!first) throw new Error('the sample of an order needs a parcel');
        const items = first.items.flatMap((item) => [item, { ...item, quantity: 3 }]);
        const currency = request.currency ?? '';
        await provider.save({ ...request, to: customs.to, parcels: [{ ...first, items }, ...others] }, context);
        const all = [...items, ...others.flatMap((parcel) => parcel.items)];
        const value = all.reduce((sum, item) => sum + toPieceAmount(item, item.cost) * countPieces(item), 0);
        const told = await customs.declared();
        expect(told).toEqual({
          value: { minor: value, currency },
          ...toContents(told, [{ weight: 0, items: all }], getExpected().save?.step?.grams),
        });
        if (told.pieces === undefined || told.grams === undefined)
          leaveOpen('weight and number of pieces at customs', 'pieces and grams of customs.declared()');
      });

      it('refuses in its own words, or takes, whatever it is sent', async () => {
        const request = newRequest();
        const odd: Partial<SaveRequest>[] = [
          { tariff: 'no-such-tariff' },
          { to: {} },
          { to: undefined, from: undefined },
          { recipient: {} },
          { recipient: { name: 'Ñ'.repeat(500), phone: 'not a number', email: '@' } },
          { parcels: [{ weight: 1_000_000_000, items: [] }] },
          { collect: { currency: 'XTS', goods: 0, delivery: 1, total: 1, perItem: [] } },
          { currency: 'XTS' },
          { extraData: { nothing: ['known'], ['__proto__']: 'x' } },
        ];
        for (const change of odd)
          await attempt(`save of an order with ${JSON.stringify(change)}`, async () => {
            const saving = provider.save({ ...request, ...change, reference: newReference() } as SaveRequest, context);
            const saved = await orProviderError(saving, undefined, ['invalid', 'rejected']);
            if (change.tariff !== undefined) expect(saved).toBeUndefined();
          });
      });
    });

    if (has('find')) {
      describe('find', () => {
        it('answers what was saved under our reference', async () => {
          const existing = await registered();
          const found = await provider.find?.(existing.reference, context);
          expect(found?.externalId).toBe(existing.externalId);
          if (found) checkSaved(found, existing.request);
        });

        it('answers undefined for a reference never sent', async () => {
          await expect(provider.find?.(newReference(), context)).resolves.toBeUndefined();
        });
      });
    }

    if (has('get')) {
      it('get answers the delivery’s state', async () => {
        const existing = await registered();
        const state = await provider.get?.(existing, context);
        expect(state?.externalId).toBe(existing.externalId);
        if (state) checkSaved(state, existing.request);
      });
    }

    if (has('cancel')) {
      it('cancel withdraws, and again is fine', async () => {
        const existing = await registered();
        await expect(provider.cancel?.(existing, context)).resolves.toBeUndefined();
        await settle();
        await expect(provider.cancel?.({ ...existing, status: manifest.cancelledStatus }, context)).resolves.toBeUndefined();
        await expect(provider.cancel?.(existing, context)).resolves.toBeUndefined();
        if (provider.get && !isLocal()) {
          await settle();
          expect((await provider.get(existing, context)).status).toBe(manifest.cancelledStatus);
        }
      });
    }

    if (has('cancel'))
      it('cancel says so when the service refuses', async () => {
        if (!subject.whileCancelRefused) return leaveOpen('a refused cancellation is no success', 'whileCancelRefused');
        for (const isInReply of [false, true]) {
          const existing = await registered();
          const cancel = (): Promise<ProviderError> => catchFailure(provider.cancel?.(existing, context));
          expect((await subject.whileCancelRefused(cancel, existing, isInReply)).kind).toBe('rejected');
        }
      });

    if (has('cancel') && has('get'))
      it('cancel knows no outcome while the service still checks it', async () => {
        for (const ms of UNCHECKED_MS) {
          const existing = await registered();
          const isCanceled = async (): Promise<boolean> => (await provider.get?.(existing, context))?.status === manifest.cancelledStatus;
          await actUnchecked(ms, async (given) => provider.cancel?.(existing, given), isCanceled);
        }
      });

    if (has('get'))
      it('forgets a status that the service takes back', async () => {
        if (!subject.takeBack) return;
        const delivery = await registered();
        const read = async (): Promise<string | undefined> => (await provider.get?.(delivery, context))?.status;
        const before = await read();
        await subject.webhook?.make(delivery);
        expect(await read()).not.toBe(before);
        await subject.takeBack(delivery);
        expect(await read()).toBe(before);
      });

    it('tells the service’s times, not those of another clock, zone or unit', async () => {
      const begun = new Date();
      const request = newRequest();
      const saved = await provider.save(request, context);
      await settle();
      const delivery = existingDelivery(saved, request, { statusAt: begun, createdAt: begun });
      const event = has('webhook') ? await subject.webhook?.make(delivery) : undefined;
      const read = async (given: ProviderContext<S>): Promise<Record<string, readonly (Date | undefined)[]>> => ({
        track: ((await provider.track?.([delivery], given)) ?? []).map(({ updatedAt }) => updatedAt),
        webhook: (event ? (provider.webhook?.parse(event, given) ?? []) : []).flatMap(({ reports }) => reports.map((one) => one.updatedAt)),
        get: [(await provider.get?.(delivery, given))?.statusAt],
      });
      const times = await read(context);
      // A minute later by the caller's clock nothing at the service has changed.
      await sleep(5);
      expect(await read({ ...context, now: new Date(context.now.getTime() + 60_000) })).toEqual(times);
      const wrong = Object.entries({ ...times, save: [saved.statusAt] }).flatMap(([method, dates]) =>
        dates
          .filter((date) => date && Math.abs(date.getTime() - begun.getTime()) > CLOCK_MS)
          .map((date) => `${method}: ${date?.toISOString()}`),
      );
      expect({ wrong, now: begun }).toEqual({ wrong: [], now: begun });
    });

    it('is proved with untidy orders, what they collect and what is insured', () => {
      if (isLocal()) return;
      if (subject.untidy === undefined) unproven.add('untidy orders are registered or refused', 'untidy');
      if (manifest.cod && !subject.untidy?.collected) unproven.add('the right cash is collected', 'untidy.collected');
      if (!subject.untidy?.insured) unproven.add('the right value is insured', 'untidy.insured');
    });

    testUntidyOrders(() => subject.untidy, {
      save: (request, settings = context.settings) => provider.save(request, { ...context, settings }),
      newRequest,
      settle,
    });

    if (has('print')) {
      describe('print', () => {
        // Not the order's number: samples may share it.
        const listMarks = (delivery: ExistingDelivery): string[] =>
          (subject.marks?.(delivery) ?? [delivery.trackNumber ?? '', delivery.externalId, delivery.reference])
            .filter((mark) => mark !== '')
            .map(withoutSpaces);

        it('makes one PDF of each form of orders, in the order asked', async () => {
          const deliveries = [await registered(), await registered(), await registered()];
          for (const { code } of manifest.forms.filter(({ entity }) => entity === 'order')) {
            for (const asked of [deliveries, [...deliveries].reverse(), deliveries.slice(1, 2)]) {
              const limited = asked.slice(0, manifest.printLimit);
              const pdf = (await provider.print?.({ entity: 'order', form: code, deliveries: limited }, context)) ?? new Uint8Array();
              expect(Buffer.from(pdf.subarray(0, 5)).toString('latin1')).toBe('%PDF-');
              const pages = pdfPages(pdf).map(({ text }) => withoutSpaces(text));
              expect(pages.length).toBeGreaterThanOrEqual(limited.length);
              const firstPages = limited.map((delivery) =>
                pages.findIndex((page) => listMarks(delivery).some((mark) => page.includes(mark))),
              );
              expect(firstPages).toEqual([...firstPages].sort((a, b) => a - b));
              expect(new Set(firstPages).size).toBe(limited.length);
              expect(firstPages).not.toContain(-1);
            }
          }
        });

        it('refuses a form it does not have', async () => {
          const existing = await registered();
          const error = await catchFailure(provider.print?.({ entity: 'order', form: 'no-such-form', deliveries: [existing] }, context));
          expect(['invalid', 'rejected']).toContain(error.kind);
        });
      });
    }

    if (has('listPickupPoints')) {
      it('listPickupPoints answers places, and none where there are none', async () => {
        const points = (await provider.listPickupPoints?.({}, context)) ?? [];
        expect(points.length).toBeGreaterThan(0);
        const { accepting } = getExpected().points ?? {};
        if (accepting === undefined) leaveOpen('every page of points is read', 'expected.points.accepting');
        else expect(points).toHaveLength(accepting);
        expect(pointProblems(points, undefined)).toEqual([]);
        await expect(provider.listPickupPoints?.({ countryIso: 'AQ' }, context)).resolves.toEqual([]);
        await expect(provider.listPickupPoints?.({ city: 'Nowhere at all' }, context)).resolves.toEqual([]);
      });
    }

    if (has('listTariffs')) {
      it('tariffs lists every tariff, those quoted among them', async () => {
        const tariffs = (await provider.listTariffs?.(context)) ?? [];
        expect(tariffs.length).toBeGreaterThan(0);
        expect(repeated(tariffs.map(({ code }) => code))).toEqual([]);
        expect(
          tariffs.filter(
            ({ code, name: title, type }) => code === '' || title.trim() === '' || (type !== 'courier' && type !== 'selfDelivery'),
          ),
        ).toEqual([]);
        const types = new Map(tariffs.map(({ code, type }) => [code, type]));
        const quoted = await provider.calculate(subject.quote, context);
        expect(quoted.filter(({ code, type }) => types.get(code) !== type)).toEqual([]);
      });
    }

    if (has('autocomplete')) {
      it('autocomplete suggests values for its fields', async () => {
        const fields = [...manifest.dataFields, ...manifest.shipmentDataFields].filter(({ type }) => type === 'autocomplete');
        for (const { code } of fields) {
          const suggestions = await Promise.all(
            ['a', 'e', 'о', 'а', '1', ''].map(async (term) => (await provider.autocomplete?.(code, term, context)) ?? []),
          );
          const all = suggestions.flat();
          expect(all.length).toBeGreaterThan(0);
          expect(
            all.filter(({ value, label }) => typeof value !== 'string' || value === '' || typeof label !== 'string' || label === ''),
          ).toEqual([]);
          await expect(provider.autocomplete?.(code, 'zzqqxxnothingzz', context)).resolves.toEqual([]);
        }
        const answer = await orProviderError(
          provider.autocomplete?.('no-such-field', 'a', context) ?? Promise.resolve([]),
          [],
          ['invalid', 'rejected'],
        );
        expect(answer).toEqual([]);
      });
    }

    if (has('saveShipment')) {
      describe('shipments', () => {
        const buildRequest = (deliveries: ExistingDelivery[]): ShipmentRequest => {
          if (subject.shipment === undefined) throw new Error('the subject needs shipment(): the provider has saveShipment');
          return subject.shipment(newReference(), deliveries);
        };
        async function shipped(): Promise<ExistingShipment> {
          const request = buildRequest([await registered(), await registered()]);
          const saved = await provider.saveShipment?.(request, context);
          expect(saved?.externalId).toEqual(expect.stringMatching(/\S/));
          expect(extraDataProblems(saved?.extraData, manifest.shipmentDataFields)).toEqual([]);
          const { shipment: expected } = getExpected();
          if (expected) {
            const parcels = request.deliveries.flatMap((delivery) => delivery.request.parcels);
            const told = await readFigures(expected);
            expect(told).toEqual(toFigures(expected, { parcels, extraData: {} }, told));
          } else
            leaveOpen('the weight of a shipment', 'expected.shipment.weightGrams, or expected.shipment: {} if the service is not told');
          await settle();
          return existingShipment(saved ?? { externalId: '' }, request);
        }

        it('saves, the same for the same reference where that is its recovery, and edits', async () => {
          const existing = await shipped();
          if (['find', 'idempotency-key'].includes(manifest.recovery.kind)) {
            expect((await provider.saveShipment?.(existing.request, context))?.externalId).toBe(existing.externalId);
          }
          const fewer = { ...existing.request, deliveries: existing.request.deliveries.slice(0, 1), comment: 'changed' };
          expect((await provider.saveShipment?.(fewer, context, existing))?.externalId).toBe(existing.externalId);
        });

        if (has('findShipment')) {
          it('finds by our reference, and undefined when never sent', async () => {
            const existing = await shipped();
            expect((await provider.findShipment?.(existing.request.reference, context))?.externalId).toBe(existing.externalId);
            await expect(provider.findShipment?.(newReference(), context)).resolves.toBeUndefined();
          });

          it('finds no other shipment of the same delivery, whatever was forgotten', async () => {
            const request = buildRequest([await registered()]);
            await provider.saveShipment?.(request, context);
            await settle();
            const forgetful = { ...context, cache: new MemoryCache() };
            await expect(provider.findShipment?.(newReference(), forgetful, request)).resolves.toBeUndefined();
          });
        }

        it('knows no outcome while the service still checks it', async () => {
          for (const ms of UNCHECKED_MS) {
            const request = buildRequest([await registered()]);
            await actUnchecked(ms, async (given) => provider.saveShipment?.(request, given));
            if (!has('cancelShipment')) continue;
            const existing = await shipped();
            await actUnchecked(ms, async (given) => provider.cancelShipment?.(existing, given, {}));
          }
        });

        if (has('cancelShipment')) {
          it('cancels, and again is fine', async () => {
            const existing = await shipped();
            await expect(provider.cancelShipment?.(existing, context, {})).resolves.toBeUndefined();
            await expect(provider.cancelShipment?.(existing, context, {})).resolves.toBeUndefined();
          });

          it('says so when the service does not cancel it', async () => {
            if (!subject.whileShipmentCancelRefused)
              return leaveOpen('a refused cancellation of a shipment is no success', 'whileShipmentCancelRefused');
            for (const isInReply of [false, true]) {
              const existing = await shipped();
              const cancel = (): Promise<ProviderError> => catchFailure(provider.cancelShipment?.(existing, context, {}));
              expect((await subject.whileShipmentCancelRefused(cancel, existing, isInReply)).kind).toBe('rejected');
            }
          });
        }

        if (has('print')) {
          it('prints each form of shipments', async () => {
            const forms = manifest.forms.filter(({ entity }) => entity === 'shipment');
            const shipments = forms.length === 0 ? [] : [await shipped(), await shipped()].slice(0, manifest.printLimit);
            for (const { code } of forms) {
              const pdf = (await provider.print?.({ entity: 'shipment', form: code, shipments }, context)) ?? new Uint8Array();
              expect(pdfPages(pdf).length).toBeGreaterThanOrEqual(shipments.length);
            }
          });
        }
      });
    }

    if (has('track')) {
      it('track answers news of the deliveries asked for, in the manifest’s words', async () => {
        await expect(provider.track?.([], context)).resolves.toEqual([]);
        const deliveries = [await registered(), await registered()];
        const reports = (await provider.track?.(deliveries, context)) ?? [];
        const asked = deliveries.map(({ externalId }) => externalId);
        expect(reports.filter(({ externalId }) => !asked.includes(externalId))).toEqual([]);
        expect(reports.filter(({ code }) => !statusCodes().includes(code))).toEqual([]);
        expect(reports.filter(({ updatedAt }) => !isDate(updatedAt))).toEqual([]);
      });

      it('tracks each of several deliveries like the only one', async () => {
        const [first, moved] = [await registered(), await registered()];
        await subject.webhook?.make(moved);
        const gone = { ...first, externalId: `${first.externalId}0`, reference: newReference(), createdAt: new Date() };
        const track = async (...deliveries: ExistingDelivery[]): Promise<string[]> =>
          ((await provider.track?.(deliveries, context)) ?? []).map((report) => JSON.stringify(report)).sort();
        const each = [...(await track(first)), ...(await track(moved))].sort();
        expect(await track(gone, first, moved)).toEqual(each);
      });

      it('tracks the last of many deliveries as well as one', async () => {
        const delivery = await registered();
        // It has moved since, so that there is something to report.
        await subject.webhook?.make(delivery);
        const alone = (await provider.track?.([delivery], context)) ?? [];
        const strangers = Array.from({ length: MANY }, (_, at) => ({
          ...delivery,
          externalId: `${delivery.externalId}${at}`,
          createdAt: new Date(),
        }));
        const many = (await provider.track?.([...strangers, delivery], context)) ?? [];
        expect(many.filter(({ externalId }) => externalId === delivery.externalId)).toEqual(alone);
      });
    }

    if (has('webhook')) {
      describe('webhook', () => {
        async function genuine(): Promise<{ request: WebhookRequest; delivery: ExistingDelivery }> {
          if (subject.webhook === undefined) throw new Error('the subject needs webhook: the provider has one');
          const delivery = await registered();
          return { request: await subject.webhook.make(delivery), delivery };
        }

        testWebhook(
          () => subject,
          () => {
            if (!provider.webhook) throw new Error('the provider has no webhook');
            return provider.webhook;
          },
          async () => ({ signed: true, dated: true, ...subject.webhook, request: (await genuine()).request }),
          unproven,
        );

        it('names the delivery, and statuses of the manifest', async () => {
          const { request, delivery } = await genuine();
          const reports = (provider.webhook?.parse(request, context) ?? []).flatMap((event) => event.reports);
          expect(reports.map(({ externalId }) => externalId)).toContain(delivery.externalId);
          expect(reports.filter(({ code }) => !statusCodes().includes(code))).toEqual([]);
          expect(reports.filter(({ updatedAt }) => !isDate(updatedAt))).toEqual([]);
        });

        it('has another id for another event', async () => {
          const ids = [await genuine(), await genuine()].flatMap(({ request }) =>
            provider.webhook?.parse(request, context).map(({ id }) => id),
          );
          expect(new Set(ids).size).toBe(ids.length);
        });
      });
    }

    testStrategies(
      () => ({
        ...{ provider, context, manifest, newRequest, registered, settle, edit: getEdit() },
        ...{ faults: subject.faults, printJobs: subject.printJobs, whileUnchecked: subject.whileUnchecked?.bind(subject) },
        async checkFigures(request) {
          const expected = getExpected().save ?? {};
          const told = await readFigures(expected);
          expect(told).toEqual(toFigures(expected, request, told));
        },
      }),
      unproven,
    );

    testEffects(listEffects(), () => subject, { isLocal, unproven });

    it('reaches every status of the manifest', async () => {
      const { serviceCodes, reach = {}, statusOf = (code: string) => code } = subject;
      if (serviceCodes === undefined) {
        // People set the statuses of a service that is built in.
        if (!isLocal()) unproven.add('every status is reached', 'serviceCodes');
        return;
      }
      // A delivery that the CRM withdrew has this one, whatever the service replies.
      const codes = new Set([manifest.cancelledStatus, ...[...serviceCodes, ...ODD_CODES].map((code) => statusOf(code))]);
      for (const [status, play] of Object.entries(reach))
        await attempt(`reach of "${status}"`, async () => void codes.add(await play(await registered())));
      expect(statusCodes().filter((code) => !codes.has(code))).toEqual([]);
    });

    it('knows every code of the service', () => {
      const { serviceCodes = [], undecidedCodes = [], statusOf = (code: string) => code } = subject;
      const unknown = new Set(ODD_CODES.map((code) => statusOf(code)));
      expect(serviceCodes.filter((code) => unknown.has(statusOf(code)))).toEqual([...undecidedCodes]);
    });

    it('knows a success by the service’s codes of one, and by no other', () => {
      const { serviceCodes = [], successCodes, statusOf = (code: string) => code } = subject;
      if (successCodes === undefined) return leaveOpen('only what is delivered or returned has ended well', 'successCodes');
      const isSuccess = (code: string): boolean =>
        manifest.statuses.some(
          ({ code: own, isFinal, isError }) => own === statusOf(code) && isFinal && !isError && own !== manifest.cancelledStatus,
        );
      expect(serviceCodes.filter(isSuccess)).toEqual(serviceCodes.filter((code) => successCodes.includes(code)));
    });

    describe('when things go wrong', () => {
      it('knows no success and no end in a status it does not know', () => {
        if (isLocal() && subject.statusOf === undefined) return;
        const { statusOf } = subject;
        if (statusOf === undefined)
          throw new Error('the subject needs statusOf(): what the provider’s adapter makes of the service’s codes');
        for (const odd of ODD_CODES) {
          const status = manifest.statuses.find(({ code }) => code === statusOf(odd));
          expect([odd, status?.isFinal ?? (status ? false : 'no status')]).toEqual([odd, false]);
        }
      });

      testFailures(() => ({ ...subject, isLocal: isLocal() }), unproven);

      it('keeps to a signal that has ended: nothing is done', async () => {
        const delivery = await registered();
        const gone = { ...context, signal: AbortSignal.abort() };
        const reference = newReference();
        const calls: Promise<unknown>[] = [
          provider.calculate(subject.quote, gone),
          provider.save(newRequest(reference), gone),
          ...(subject.edit ? [provider.save(subject.edit(delivery.request), gone, delivery)] : []),
        ];
        if (provider.find) calls.push(provider.find(reference, gone));
        if (provider.get) calls.push(provider.get(delivery, gone));
        if (provider.cancel) calls.push(provider.cancel(delivery, gone));
        const form = manifest.forms.find(({ entity }) => entity === 'order');
        if (provider.print && form) calls.push(provider.print({ entity: 'order', form: form.code, deliveries: [delivery] }, gone));
        if (provider.listPickupPoints) calls.push(provider.listPickupPoints({}, gone));
        if (provider.listTariffs) calls.push(provider.listTariffs(gone));
        if (provider.track) calls.push(provider.track([delivery], gone));
        const shipmentReference = newReference();
        if (provider.saveShipment && subject.shipment)
          calls.push(provider.saveShipment(subject.shipment(shipmentReference, [delivery]), gone));
        if (provider.findShipment) calls.push(provider.findShipment(shipmentReference, gone));

        for (const result of await Promise.allSettled(calls)) {
          // A provider that waits for no outside service may reply nevertheless.
          if (result.status === 'fulfilled') expect(isLocal()).toBe(true);
          else expect(checkError(result.reason).kind).toBe('unavailable');
        }
        if (!isLocal()) {
          if (provider.find) await expect(provider.find(reference, context)).resolves.toBeUndefined();
          if (provider.findShipment) await expect(provider.findShipment(shipmentReference, context)).resolves.toBeUndefined();
          if (provider.get) expect((await provider.get(delivery, context)).status).not.toBe(manifest.cancelledStatus);
        }
      });
    });

    /** The calls that act at the service. */
    function listEffects(): Effect<S>[] {
      const newShipment = async (): Promise<ShipmentRequest> => {
        if (subject.shipment === undefined) throw new Error('the subject needs shipment(): the provider has saveShipment');
        return subject.shipment(newReference(), [await registered()]);
      };
      const shipped = async (): Promise<ExistingShipment> => {
        const request = await newShipment();
        const saved = (await provider.saveShipment?.(request, context)) ?? { externalId: '' };
        await settle();
        return existingShipment(saved, request);
      };
      const effects: (Effect<S> & { method?: OptionalDeliveryMethod })[] = [
        {
          name: 'save of a new order',
          makes: 1,
          get leastCalls() {
            return manifest.strategies?.includes('create-then-buy') ? 2 : 1;
          },
          prepare: () => {
            const request = newRequest();
            const recover = recoverBy(manifest.recovery, provider.find && (async () => provider.find?.(request.reference, context)));
            return Promise.resolve({
              ...{ recover, act: (given) => provider.save(request, given) },
              repeat: async () => (await provider.save(request, context)).externalId,
            });
          },
        },
        {
          name: 'save of a change',
          isAbsent: () => getEdit() === undefined,
          // The service may not have other fields at all.
          get mayBeLocal() {
            const list = ({ recipient, to, from, parcels, tariff }: SaveRequest): unknown[] => [recipient, to, from, parcels, tariff];
            const request = newRequest();
            return isDeepStrictEqual(list(getEdit()?.(request) ?? request), list(request));
          },
          prepare: async () => {
            const existing = await registered();
            const request = getEdit()?.(existing.request) ?? existing.request;
            const act = (given: ProviderContext<S>): Promise<SavedDelivery> => provider.save(request, given, existing);
            return { act, repeat: async () => (await act(context)).externalId };
          },
        },
        {
          ...{ name: 'cancel', method: 'cancel' },
          prepare: async () => {
            const existing = await registered();
            const act = async (given: ProviderContext<S>): Promise<void> => provider.cancel?.(existing, given);
            const { get } = provider;
            return {
              ...{ act, repeat: async () => (await act(context), existing.externalId) },
              ...(get && { isDone: async () => (await get.call(provider, existing, context)).status === manifest.cancelledStatus }),
            };
          },
        },
        {
          ...{ name: 'cancel of a delivery on its way', method: 'cancel', mayBeRefused: true },
          isAbsent: () => !subject.webhook,
          prepare: async () => {
            const delivery = await registered();
            await subject.webhook?.make(delivery);
            const act = async (given: ProviderContext<S>): Promise<void> => provider.cancel?.(delivery, given);
            return { act, repeat: async () => (await act(context), delivery.externalId) };
          },
        },
        {
          ...{ name: 'saveShipment', method: 'saveShipment', makes: 1 },
          prepare: async () => {
            const request = await newShipment();
            const find = provider.findShipment && (async () => provider.findShipment?.(request.reference, context, request));
            const act = async (given: ProviderContext<S>): Promise<string> =>
              (await provider.saveShipment?.(request, given))?.externalId ?? '';
            return { act, recover: recoverBy(manifest.recovery, find), repeat: () => act(context) };
          },
        },
        {
          ...{ name: 'saveShipment of a change', method: 'saveShipment' },
          prepare: async () => {
            const existing = await shipped();
            const request = { ...existing.request, comment: 'changed' };
            const act = async (given: ProviderContext<S>): Promise<string> =>
              (await provider.saveShipment?.(request, given, existing))?.externalId ?? '';
            return { act, repeat: () => act(context) };
          },
        },
        {
          ...{ name: 'cancelShipment', method: 'cancelShipment' },
          prepare: async () => {
            const existing = await shipped();
            const act = async (given: ProviderContext<S>): Promise<void> => provider.cancelShipment?.(existing, given, {});
            return { act, repeat: async () => (await act(context), existing.externalId) };
          },
        },
      ];
      return effects.filter(({ method }) => method === undefined || has(method));
    }

    /** The figures by call. */
    function getExpected(): ExpectedFigures {
      const { expected = {} } = subject;
      return 'cost' in expected ? { quote: expected, save: expected } : expected;
    }

    const checkError = (error: unknown): ProviderError => checkProviderError(error, provider, context.settings);

    const catchFailure = (call: Promise<unknown> | undefined): Promise<ProviderError> => catchError(() => call, subject);

    /** The answer, or `otherwise` after a ProviderError (of one of the kinds). */
    async function orProviderError<T>(call: Promise<T>, otherwise: T, kinds?: ProviderErrorKind[]): Promise<T> {
      const [result] = await Promise.allSettled([call]);
      if (result?.status === 'fulfilled') return result.value;
      const error = checkError(result?.reason);
      if (kinds) expect(kinds).toContain(error.kind);
      return otherwise;
    }
  });
}

/** Another question: each parcel weighs so many grams more. */
function makeHeavier(quote: CalculateRequest, grams: number): CalculateRequest {
  return { ...quote, parcels: quote.parcels.map((parcel) => ({ ...parcel, weight: parcel.weight + grams })) };
}

/** The order with all of its amounts in another currency. */
function toCurrency(request: SaveRequest, currency: string): SaveRequest {
  return JSON.parse(JSON.stringify(request), (key, value: unknown) => (key === 'currency' ? currency : value)) as SaveRequest;
}

function repeated(codes: readonly string[]): string[] {
  return codes.filter((code, index) => codes.indexOf(code) !== index);
}

function isDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN((value as Date).getTime());
}

function withoutSpaces(text: string): string {
  return text.replace(/\s/g, '');
}

function moneyProblems(what: string, amount: Money | undefined, currency: string | undefined): string[] {
  if (amount === undefined) return [];
  const problems: string[] = [];
  if (!Number.isSafeInteger(amount.minor) || amount.minor < 0) problems.push(`${what}: ${amount.minor} is not an amount in minor units`);
  if (currency !== undefined && amount.currency !== currency) problems.push(`${what}: in ${amount.currency}, the order is in ${currency}`);
  return problems;
}

function termProblems(what: string, min: number | undefined, max: number | undefined): string[] {
  const problems = [min, max]
    .filter((days) => days !== undefined && (!Number.isInteger(days) || days < 0))
    .map((days) => `${what}: a term of ${days} days`);
  return min !== undefined && max !== undefined && min > max ? [...problems, `${what}: from ${min} to ${max} days`] : problems;
}

function extraDataProblems(extraData: ExtraData | undefined, fields: readonly DataField[]): string[] {
  const codes = fields.map(({ code }) => code);
  return Object.keys(extraData ?? {})
    .filter((code) => !codes.includes(code))
    .map((code) => `extra data ${code} is no field of the manifest`);
}

function pointProblems(points: PickupPoint[], currency: string | undefined): string[] {
  return [
    ...repeated(points.map(({ code }) => code)).map((code) => `two points ${code}`),
    ...points.flatMap(({ code, name, address, cost, coordinates }) => [
      ...(code.trim() === '' || name.trim() === '' || address.trim() === '' ? [`point ${code}: no code, name or address`] : []),
      ...moneyProblems(`point ${code}`, cost, currency),
      ...(coordinates && !(Math.abs(coordinates.latitude) <= 90 && Math.abs(coordinates.longitude) <= 180)
        ? [`point ${code}: coordinates`]
        : []),
    ]),
  ];
}
