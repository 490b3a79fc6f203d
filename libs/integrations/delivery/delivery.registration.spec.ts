import { describe, expect, it } from '@jest/globals';
import type { Traffic, Connection, ProviderContexts } from '#connections';
import type { IntegrationDeliveryConfigurationInput } from '#crm-client/wire';
import { Providers } from '#integration-kit';
import type { Journal } from '#journal';
import type { ProviderWatch } from '#onboarding';
import type { Database } from '#platform';
import { fillType, listLeaves } from '#testing';
import { CALLBACK_PATHS } from './delivery.paths.js';
import { DeliveryRegistration } from './delivery.registration.js';
import type { DataField, DeliveryManifest, DeliveryProvider, DeliveryTraits, ShopDefaults } from './port/index.js';

type Settings = Partial<DeliveryTraits>;

const text = (word: string): { en: string; es: string; ru: string } => ({ en: word, es: `${word} es`, ru: `${word} ru` });
const FIELD: DataField = {
  ...{ code: 'vehicle', label: text('Vehicle'), hint: text('Of the courier'), type: 'choice', multiple: true },
  ...{ choices: [{ code: 'van', label: text('Van') }], visible: true, required: true, affectsCost: true, editable: true },
};
const SEARCH: DataField = { code: 'dock', label: text('Dock'), type: 'autocomplete' };

const bare: Partial<DeliveryManifest<Settings>> = {
  ...{ code: 'probe', forms: [], dataFields: [], shipmentDataFields: [], payerTypes: ['receiver', 'sender'], printLimit: 1 },
  ...{ cod: true, packages: true, selfShipment: true, trackNumber: true, requiredFields: [] },
  statuses: [{ code: 'created', name: text('Created'), isEditable: true, isError: true, isPreprocessing: true }],
  bySettings: (settings) => settings,
};
const ALL_DEFAULTS: Required<ShopDefaults> = {
  ...{ payerType: 'sender', costCalculateBy: 'manual', nullDeclaredValue: true, lockedByDefault: true },
  paymentTypes: [{ code: 'cash', active: true, cod: true }],
  shipmentPoints: [{ store: 'main', point: 'MOW-1', label: 'Tverskaya' }],
  statuses: [{ crmStatus: 'complete', status: 'created' }],
  deliveryExtraData: { any: 'x' },
  shipmentExtraData: { any: 'y' },
};
const METHODS = ['calculate', 'save', 'cancel', 'print', 'listPickupPoints', 'listTariffs', 'saveShipment', 'cancelShipment'];

function register(settings: Settings, methods = METHODS): IntegrationDeliveryConfigurationInput {
  const provider = { manifest: bare, ...Object.fromEntries(methods.map((name) => [name, () => undefined])) } as unknown as DeliveryProvider;
  const providers = new Providers(
    { adapters: [], services: [provider] },
    {} as ProviderContexts,
    {} as ProviderWatch,
    { isOn: false } as Journal,
    {} as Traffic,
  );
  const module = { code: 'probe', manifest: bare, countries: ['ES', 'MX'] };
  const connection = { module, settings, account: { language: 'es' } } as unknown as Connection;
  const { delivery } = new DeliveryRegistration(providers, {} as Database).build(connection);
  return delivery ?? {};
}

/** Maps of the contract have no declared fields. A value of any type is a list here. */
function chooseValue(path: string): Record<string, string> | string[] | undefined {
  if (path === 'actions') return CALLBACK_PATHS;
  if (path.endsWith('choices')) return { van: 'Van' };
  return path === 'availableCountries' || path === 'requiredFields' ? ['x'] : undefined;
}

describe('the registration of deliveries', () => {
  it('has every field of the contract when the provider has all', () => {
    const whole = register({
      ...{ description: text('Own couriers'), requiredFields: ['phone'], deliveryCountries: ['ES'], ratesCost: false },
      ...{ repeatedProducts: false, dataFields: [FIELD], shipmentDataFields: [FIELD], shopDefaults: ALL_DEFAULTS },
      forms: [{ entity: 'order', code: 'label', label: text('Label') }],
    });
    const contract = fillType('Entity/Integration/Delivery/DeliveryConfiguration', chooseValue);
    const paths = listLeaves(contract).filter((path) => !path.endsWith('.autocompleteUrl'));
    expect(listLeaves(whole as never).toSorted()).toEqual(paths.toSorted());
    expect(whole).toMatchObject({
      ...{ description: 'Own couriers es', availableCountries: ['ES'], rateDeliveryCost: false, duplicateOrderProductSupported: false },
      settings: {
        ...{ defaultPayerType: 'sender', costCalculateBy: 'manual', nullDeclaredValue: true, lockedByDefault: true },
        paymentTypes: [{ code: 'cash', active: true, cod: true }],
        shipmentPoints: [{ code: 'main', shipmentPointId: 'MOW-1', shipmentPointLabel: 'Tverskaya' }],
        statuses: [{ code: 'complete', trackingStatusCode: 'created' }],
        deliveryExtraData: { any: 'x' },
        shipmentExtraData: { any: 'y' },
      },
    });
    expect(register({ dataFields: [SEARCH] }).deliveryDataFieldList).toMatchObject([{ autocompleteUrl: '/delivery/autocomplete/dock' }]);
  });

  it('is what it was without the new traits, byte by byte: nothing is registered again', () => {
    const { actions: _, statusList: _list, ...rest } = register({});
    const before = {
      ...{ payerType: ['receiver', 'sender'], platePrintLimit: 1, rateDeliveryCost: true, allowPackages: true, codAvailable: true },
      ...{ selfShipmentAvailable: true, duplicateOrderProductSupported: true, allowTrackNumber: true, availableCountries: ['ES', 'MX'] },
      ...{ plateList: [], deliveryDataFieldList: [], shipmentDataFieldList: [] },
      settings: { defaultPayerType: 'receiver', costCalculateBy: 'auto', nullDeclaredValue: false, lockedByDefault: false },
    };
    expect(JSON.stringify(rest)).toBe(JSON.stringify(before));
  });

  it('lists no action, form or shipment field without its method', () => {
    const able = register(
      { forms: [{ entity: 'order', code: 'label', label: text('Label') }], dataFields: [FIELD], shipmentDataFields: [FIELD] },
      ['calculate', 'save'],
    );
    expect(Object.keys(able.actions ?? {})).toEqual(['calculate', 'save', 'get']);
    expect(able).toMatchObject({ plateList: [], deliveryDataFieldList: [{ code: 'vehicle' }], shipmentDataFieldList: [] });
  });

  it('offers what the settings allow', () => {
    expect(register({ cod: false, payerTypes: ['sender'], printLimit: 5 })).toMatchObject({
      ...{ codAvailable: false, payerType: ['sender'], platePrintLimit: 5, settings: { defaultPayerType: 'sender' } },
    });
  });
});
