import { expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import { isProviderMethod } from '../provider/index.js';
import { repeated, extraDataProblems } from './checks.js';
import type { OptionalDeliveryMethod } from './subject.js';
import type { DeliverySuite } from './suite.js';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Tests that the provider has the listed methods of its port. */
export function testMethods<S extends object>(suite: DeliverySuite<S>): void {
  it('has the methods of the delivery port that options.methods lists', () => {
    const optional: OptionalDeliveryMethod[] = [
      ...(['find', 'cancel', 'get', 'print', 'listPickupPoints', 'listTariffs', 'autocomplete'] as const),
      ...(['saveShipment', 'findShipment', 'cancelShipment', 'checkAddress', 'decide', 'listDeliveryDays', 'track'] as const),
      ...(['listRegisters', 'press', 'webhook'] as const),
    ];
    expect(optional.filter((method) => suite.provider[method] !== undefined).sort()).toEqual(
      suite.options.methods.filter((method) => !isProviderMethod(method)).sort(),
    );
  });
}

/** Tests countries, texts and statuses. */
export function testManifestWords<S extends object>(suite: DeliverySuite<S>): void {
  it('every country of delivery exists and is listed once', () => {
    const countries = suite.manifest.deliveryCountries ?? [];
    const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(countries.filter((code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) === undefined)).toEqual([]);
    expect(repeated(countries)).toEqual([]);
  });

  it('every text is in three languages', () => {
    const fields = [...suite.manifest.dataFields, ...suite.manifest.shipmentDataFields];
    const texts = [
      ...(suite.manifest.description ? [suite.manifest.description] : []),
      ...suite.manifest.statuses.map((status) => status.name),
      ...suite.manifest.forms.map((form) => form.label),
      ...fields.flatMap((field) => [
        field.label,
        ...(field.hint ? [field.hint] : []),
        ...(field.choices ?? []).map((choice) => choice.label),
      ]),
    ];
    expect(texts.filter((text) => CRM_LANGUAGES.some((language) => !text[language]?.trim()))).toEqual([]);
  });

  it('statuses are in the order of a delivery’s life, with a successful end and a cancellation', () => {
    const { statuses } = suite.manifest;
    expect(suite.listStatusCodes().filter((code) => !CODE.test(code))).toEqual([]);
    expect(repeated(suite.listStatusCodes())).toEqual([]);
    const flags = (test: (status: (typeof statuses)[number]) => boolean | undefined): string[] =>
      statuses.filter((status) => test(status)).map(({ code }) => code);
    // Being registered is the beginning of a life and never its end.
    expect(statuses.slice(flags(({ isPreprocessing }) => isPreprocessing).length).filter(({ isPreprocessing }) => isPreprocessing)).toEqual(
      [],
    );
    expect(flags(({ isPreprocessing, isFinal }) => isPreprocessing && isFinal)).toEqual([]);
    expect(flags(({ isFinal, isEditable }) => isFinal && isEditable)).toEqual([]);
    expect(flags(({ isFinal }) => isFinal)).not.toContain(statuses[0]?.code);
    // A success: an end, no alarm, not a cancellation.
    expect(flags(({ code, isFinal, isError }) => isFinal && !isError && code !== suite.manifest.cancelledStatus)).not.toEqual([]);
    const cancelled = statuses.find(({ code }) => code === suite.manifest.cancelledStatus);
    expect(cancelled).toMatchObject({ isFinal: true });
    expect(flags(({ isError }) => isError)).not.toContain(cancelled?.code);
    expect(flags(({ isFinal }) => isFinal)).toContain(suite.listStatusCodes().at(-1));
  });
}

/** Tests that forms, fields, the recovery and the defaults fit the methods. */
export function testManifestFields<S extends object>(suite: DeliverySuite<S>): void {
  it('there are printed forms if and only if there is a print method', () => {
    expect({ forms: suite.manifest.forms.length > 0 }).toEqual({ forms: suite.has('print') });
    expect(suite.manifest.forms.filter(({ code }) => !CODE.test(code))).toEqual([]);
    expect(repeated(suite.manifest.forms.map(({ entity, code }) => `${entity} ${code}`))).toEqual([]);
    if (suite.manifest.forms.some(({ entity }) => entity === 'shipment')) expect(suite.options.methods).toContain('saveShipment');
    if (suite.has('print')) expect(suite.manifest.printLimit).toBeGreaterThanOrEqual(1);
  });

  it('every data field can be shown and filled in', () => {
    for (const fields of [suite.manifest.dataFields, suite.manifest.shipmentDataFields]) {
      expect(fields.filter(({ code }) => !CODE.test(code))).toEqual([]);
      expect(repeated(fields.map(({ code }) => code))).toEqual([]);
      expect(fields.filter(({ type, choices }) => (type === 'choice') !== (choices !== undefined && choices.length > 0))).toEqual([]);
      expect(fields.filter(({ choices }) => repeated((choices ?? []).map(({ code }) => code)).length > 0)).toEqual([]);
      expect(fields.filter(({ required, editable }) => required && editable === false)).toEqual([]);
    }
    const fields = [...suite.manifest.dataFields, ...suite.manifest.shipmentDataFields];
    expect({ autocomplete: fields.some(({ type }) => type === 'autocomplete') }).toEqual({ autocomplete: suite.has('autocomplete') });
    if (!suite.has('saveShipment')) expect(suite.manifest.shipmentDataFields).toEqual([]);
  });

  it('the recovery has the methods that it needs', () => {
    expect(suite.manifest.payerTypes.length).toBeGreaterThan(0);
    expect(repeated(suite.manifest.payerTypes)).toEqual([]);
    expect(suite.manifest.payerTypes.filter((type) => type !== 'receiver' && type !== 'sender')).toEqual([]);
    if (suite.manifest.recovery.kind === 'find') {
      expect(suite.manifest.recovery.settleSeconds).toBeGreaterThanOrEqual(0);
      expect(suite.options.methods).toContain('find');
      if (suite.has('saveShipment')) expect(suite.options.methods).toContain('findShipment');
    }
    if (suite.has('cancelShipment')) expect(suite.options.methods).toContain('saveShipment');
  });

  it('there are kinds of decisions if and only if there is a decide method', () => {
    expect((suite.manifest.decisions ?? []).length > 0).toBe(suite.has('decide'));
  });

  it('every limit of cash on delivery is an amount of a currency', () => {
    const limits = suite.manifest.codLimits ?? [];
    expect(limits.filter(({ currency, max }) => !/^[A-Z]{3}$/.test(currency) || !Number.isSafeInteger(max) || max < 0)).toEqual([]);
    expect(limits.filter(({ country }) => country !== undefined && !/^[A-Z]{2}$/.test(country))).toEqual([]);
    if (!suite.manifest.cod) expect(limits).toEqual([]);
  });

  it('the defaults of a shop are statuses, payers and fields of the manifest', () => {
    const { payerType, statuses = [], deliveryExtraData, shipmentExtraData } = suite.manifest.shopDefaults ?? {};
    if (payerType) expect(suite.manifest.payerTypes).toContain(payerType);
    expect(statuses.map(({ status }) => status).filter((code) => !suite.listStatusCodes().includes(code))).toEqual([]);
    expect(extraDataProblems(deliveryExtraData, suite.manifest.dataFields)).toEqual([]);
    expect(extraDataProblems(shipmentExtraData, suite.manifest.shipmentDataFields)).toEqual([]);
  });
}
