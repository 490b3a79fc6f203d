import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';
import type { Connection, CrmClients, SharedCache } from '#connections';
import { type CrmErrorDetails, ReplyError, ScopeError } from '#crm-client';
import { CallbackError, Field } from '#platform';
import { ProviderError } from '#provider-kit';
import { MemoryCache } from '#testing';
import { CrmValues } from '../crm-lists/crm-values.js';
import { Lookups } from './lookups.js';
import { AllProviders } from '../provider-setup/all-providers.js';

const title = { en: '', es: '', ru: '' };
const AT: CrmErrorDetails = { verb: 'GET', path: '/api/v5/users' };

class PointSettings {
  @Field({ title, lookup: 'sites' }) @IsString() site!: string;
}

class ShopSettings {
  @Field({ title, lookup: 'sites' }) @IsString() site!: string;
  @Field({ title }) @IsArray() @ValidateNested({ each: true }) @Type(() => PointSettings) points!: PointSettings[];
}

const connect = (id: string, language = 'en'): Connection =>
  ({
    id,
    account: { language },
    module: { integration: 'delivery', manifest: { lookups: ['cities'], settings: ShopSettings } },
  }) as unknown as Connection;

/** Sites of the accounts, by connection. */
const SITES: Readonly<Record<string, object[]>> = {
  a: [
    { code: 'madrid', name: 'Tienda Álvaro' },
    { code: 'msk', name: 'Йод и Ёж' },
  ],
  b: [{ code: 'other', name: 'Other account' }],
  many: Array.from({ length: 60 }, (_, code) => ({ code: `site-${code}` })),
};

let calls: string[];
let failure: Error | undefined;
let found: unknown;
let crmValues: CrmValues;
let lookups: Lookups;

beforeEach(() => {
  calls = [];
  failure = undefined;
  found = [];
  const crmFor = (id: string): unknown => ({
    references: {
      sites: () => {
        calls.push(id);
        return failure ? Promise.reject(failure) : Promise.resolve({ sites: SITES[id] });
      },
    },
  });
  const caches = new Map<string, MemoryCache>();
  const forProvider = (provider: string, id: string): MemoryCache => {
    const key = `${provider}/${id}`;
    const cache = caches.get(key) ?? new MemoryCache();
    caches.set(key, cache);
    return cache;
  };
  const providers = new AllProviders();
  providers.add('delivery', {
    getMember: () => undefined as never,
    has: () => true,
    call: (_connection, _method, work, options) => {
      if (!options?.trial) throw new Error('it counts as a call of the account');
      const lookUp = (): Promise<unknown> => (failure ? Promise.reject(failure) : Promise.resolve(found));
      return work({ lookUp } as unknown as Parameters<typeof work>[0], {} as Parameters<typeof work>[1]);
    },
  });
  crmValues = new CrmValues({ crmFor } as unknown as CrmClients, { forProvider } as unknown as SharedCache);
  lookups = new Lookups(providers, crmValues);
});

const values = async (term: string, id = 'a'): Promise<unknown[]> =>
  (await lookups.find(connect(id), 'sites', term)).items.map(({ value }) => value);
const refusal = async (name: string, language = 'en'): Promise<unknown> => {
  try {
    return await lookups.find(connect('a', language), name, '');
  } catch (error) {
    return error;
  }
};

describe("a search in the CRM's lists", () => {
  it.each([
    ['', ['madrid', 'msk']],
    ['  ', ['madrid', 'msk']],
    ['alvaro', ['madrid']],
    ['ÁLVARO tienda', ['madrid']],
    ['MSK', ['msk']],
    ['еж', ['msk']],
    ['alvaro еж', []],
    ['.*', []],
    ['(((((', []],
    ['\u0000', []],
  ])('finds by %j', async (term, expected) => {
    expect(await values(term)).toEqual(expected);
  });

  it('returns at most fifty, and reports that there are more', async () => {
    const { items, more } = await lookups.find(connect('many'), 'sites', '');
    expect([items.length, more]).toEqual([50, true]);
    expect(await lookups.find(connect('many'), 'sites', 'site-59')).toEqual({
      items: [{ value: 'site-59', label: 'site-59' }],
      more: false,
    });
  });

  it('reads a list once for a connection, and never that of another', async () => {
    expect(await values('', 'a')).toEqual(['madrid', 'msk']);
    expect(await values('', 'b')).toEqual(['other']);
    expect(await values('other', 'a')).toEqual([]);
    expect(calls).toEqual(['a', 'b']);
  });

  it('explains why the field must be typed if the CRM rejects or fails, and does not cache a failure', async () => {
    failure = new ScopeError('no', AT, 'reference_read');
    expect(await refusal('sites')).toMatchObject({
      status: 400,
      message: expect.stringContaining('lacks the scope reference_read to read this list. Type the code'),
    });
    expect(await refusal('sites', 'ru')).toMatchObject({ message: expect.stringContaining('введите код') });
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    failure = new ReplyError('not JSON', AT);
    expect(await refusal('sites')).toMatchObject({ status: 400, message: expect.stringContaining('Type the value') });
    failure = undefined;
    expect(await values('')).toHaveLength(2);
    // An error that the CRM did not cause is not reported as a rejection by the CRM.
    failure = new Error('the database is away');
    expect(await lookups.find(connect('b'), 'sites', '').catch((error: unknown) => error)).toBe(failure);
  });
});

describe("what settings name of the CRM's lists", () => {
  const unknown = (settings: object): Promise<Record<string, string>> => crmValues.findUnknown(connect('a', 'es'), settings);

  it('is reported by its path if the CRM does not have it, even just now', async () => {
    expect(await unknown({ site: 'madrid', points: [{ site: 'msk' }, { site: '' }] })).toEqual({});
    expect(calls).toEqual(['a']);
    const text = expect.stringContaining('no existe en el CRM');
    expect(await unknown({ site: 'Madrid', points: [{ site: 'msk' }, { site: 'mks' }] })).toEqual({ site: text, 'points[1].site': text });
    expect(calls).toEqual(['a', 'a']);
  });

  it('is not judged where the CRM does not tell its list', async () => {
    failure = new ScopeError('no', AT, 'reference_read');
    expect(await unknown({ site: 'Madrid', points: [] })).toEqual({});
  });
});

describe('a search at the service', () => {
  it('returns the valid results of the provider', async () => {
    found = [
      { value: 44, label: 'Madrid', hint: 'Spain', secret: 'x' },
      { value: 'x', label: 5 },
      { value: Number.NaN, label: 'x' },
      { value: 'l', label: 'l'.repeat(900), hint: 7 },
    ];
    expect(await lookups.find(connect('a'), 'cities', 'm')).toEqual({
      items: [
        { value: 44, label: 'Madrid', hint: 'Spain' },
        { value: 'l', label: 'l'.repeat(200) },
      ],
      more: false,
    });
    found = Array.from({ length: 50 }, (_, value) => ({ value, label: 'x' }));
    expect(await lookups.find(connect('a'), 'cities', '')).toMatchObject({ more: true });
  });

  it('passes the provider’s refusal on, and hides what it must not throw', async () => {
    failure = new ProviderError('auth', 'The key is not accepted.');
    expect(await refusal('cities')).toBe(failure);
    const log = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    for (const wrong of [new TypeError('secret'), undefined]) {
      failure = wrong;
      found = { not: 'a list' };
      const error = await refusal('cities');
      expect(error).toBeInstanceOf(CallbackError);
      expect(error).toMatchObject({ status: 400, message: expect.not.stringContaining('secret') });
    }
    expect(log).toHaveBeenCalledTimes(2);
  });
});

describe('a lookup of neither', () => {
  it.each(['nosuch', 'Sites', '__proto__', 'constructor', ''])('is not found: %j', async (name) => {
    expect(await refusal(name)).toMatchObject({ status: 404 });
  });
});
