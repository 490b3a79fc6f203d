import { describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { Providers } from '#integration-kit';
import { CallSites } from './call-sites.js';
import type { TelephonyProvider } from './port/index.js';

const manifest = {
  readCountry: () => 'RU',
  listExternalPhones: () => [
    { phone: '8 495 000-00-00', siteCode: 'moscow' },
    { phone: '+7 812 000-00-00' },
    { phone: '+7 843 000-00-00', siteCode: 'old' },
    { phone: '+7 843 000-00-00', siteCode: 'kazan' },
  ],
};
const sites = new CallSites({ getManifest: () => manifest } as unknown as Providers<TelephonyProvider>);
const findPlace = (externalPhone: string | null, site?: string): object =>
  sites.findPlace({} as Connection, { externalPhone, details: site === undefined ? null : { site } });

describe('the store of a call', () => {
  it.each([
    ['the one that the PBX names', '+74950000000', 'web', { site: 'web' }],
    ['that of the number called', '+74950000000', undefined, { site: 'moscow' }],
    ['of a number that stands twice, that of the last', '+78430000000', undefined, { site: 'kazan' }],
    ['none of a number without a store', '+78120000000', undefined, {}],
    ['none of a number that is not in the settings', '+73430000000', undefined, {}],
    ['none where the number is not known', null, undefined, {}],
  ])('is %s', (_what, phone, site, place) => {
    expect(findPlace(phone, site)).toEqual(place);
  });
});
