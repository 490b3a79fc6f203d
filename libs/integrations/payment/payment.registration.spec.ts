import { describe, expect, it } from '@jest/globals';
import type { Traffic, Connection, ProviderContexts } from '#connections';
import { Providers } from '#integration-kit';
import type { Journal } from '#journal';
import type { ProviderWatch } from '#onboarding';
import type { Database } from '#platform';
import { fillType, listLeaves } from '#testing';
import { PaymentRegistration } from './payment.registration.js';
import type { PaymentManifest, PaymentProvider, PaymentTraits, Shop } from './port/index.js';
import type { TrialPayments } from './trial/trial-payments.js';

type Settings = Partial<PaymentTraits>;

const SHOP: Shop = { code: 'main', name: 'Main', active: true, capture: 'manual' };
const manifest: Partial<PaymentManifest<Settings>> = {
  ...{ code: 'probe', currencies: ['EUR'], invoiceTypes: ['link'], captureModes: ['automatic', 'manual'] },
  listShops: () => [SHOP],
  bySettings: (settings) => settings,
};

function register(settings: Settings, methods: string[]): ReturnType<PaymentRegistration['build']>['payment'] {
  const provider = { manifest, ...Object.fromEntries(methods.map((name) => [name, () => undefined])) } as unknown as PaymentProvider;
  const providers = new Providers(
    { adapters: [], services: [provider] },
    {} as ProviderContexts,
    {} as ProviderWatch,
    { isOn: false } as Journal,
    {} as Traffic,
  );
  const connection = { module: { code: 'probe', manifest }, settings } as unknown as Connection;
  return new PaymentRegistration(providers, {} as Database, {} as TrialPayments).build(connection).payment;
}

describe('the registration of payments', () => {
  it('has every field of the contract when the provider has every method', () => {
    const payment = register({}, ['create', 'get', 'approve', 'cancel', 'refund']);
    const contract = fillType('Entity/Integration/Payment/PaymentConfiguration');
    expect(listLeaves(payment as never).toSorted()).toEqual(listLeaves(contract).toSorted());
    expect(payment).toMatchObject({ currencies: ['EUR'], invoiceTypes: ['link'], shops: [{ code: 'main', name: 'Main', active: true }] });
  });

  it('lists no action without its method', () => {
    expect(Object.keys(register({}, ['create', 'get'])?.actions ?? {})).toEqual(['create', 'status']);
  });

  it('has the currencies and types of invoices of the settings', () => {
    expect(register({ currencies: ['MXN', 'USD'], invoiceTypes: ['link', 'qr'] }, ['create'])).toMatchObject({
      currencies: ['MXN', 'USD'],
      invoiceTypes: ['link', 'qr'],
    });
  });
});
