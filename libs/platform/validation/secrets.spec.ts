import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsNotEmpty, IsOptional, IsString, ValidateNested } from 'class-validator';
import { getParser, listMovedSecrets, maskSecrets, mergeSecrets, NamesAddress, Secret } from './index.js';

class SenderDto {
  @IsString()
  name!: string;

  @IsOptional()
  @IsString()
  @Secret()
  token?: string;
}

class ContractDto {
  @IsString()
  code!: string;

  @IsOptional()
  @IsString()
  title?: string;

  @IsString()
  @IsNotEmpty()
  @Secret()
  key!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => SenderDto)
  sender?: SenderDto;
}

class CarrierSettings {
  @IsString()
  login!: string;

  @IsString()
  @IsNotEmpty()
  @Secret()
  password!: string;

  @IsOptional()
  @IsString()
  @Secret()
  webhookKey?: string;

  @IsOptional()
  @IsBoolean()
  test?: boolean;

  @IsOptional()
  @ValidateNested()
  @Type(() => SenderDto)
  sender?: SenderDto;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ContractDto)
  contracts?: ContractDto[];

  @IsOptional()
  @IsString({ each: true })
  tags?: string[];
}

const stored: CarrierSettings = {
  login: 'shop',
  password: 'pw-1',
  webhookKey: 'wh-1',
  sender: { name: 'Warehouse', token: 'tok-1' },
  contracts: [
    { code: 'a', title: 'First', key: 'key-a', sender: { name: 'A', token: 'tok-a' } },
    { code: '7', key: 'key-7' },
  ],
  tags: ['x'],
};

const merge = (incoming: unknown): CarrierSettings => getParser(CarrierSettings).parse(mergeSecrets(CarrierSettings, stored, incoming));

describe('settings shown', () => {
  const masked = maskSecrets(CarrierSettings, stored);

  it('list the stored secrets, at every level', () => {
    expect(masked).toEqual({
      login: 'shop',
      password: { set: true },
      webhookKey: { set: true },
      sender: { name: 'Warehouse', token: { set: true } },
      contracts: [
        { code: 'a', title: 'First', key: { set: true }, sender: { name: 'A', token: { set: true } } },
        { code: '7', key: { set: true } },
      ],
      tags: ['x'],
    });
    expect(JSON.stringify(masked)).not.toMatch(/pw-|wh-|tok-|key-/);
  });

  it('leave out a secret without a value, and whatever the class does not know', () => {
    const values = { login: 'shop', password: '', old: 'old-secret' };
    expect(maskSecrets(CarrierSettings, values)).toEqual({ login: 'shop' });
  });

  it('share nothing with the stored ones', () => {
    (masked['tags'] as string[]).push('y');
    expect(stored.tags).toEqual(['x']);
  });
});

describe('settings saved', () => {
  it('that come back as shown are the stored ones', () => {
    const before = structuredClone(stored);
    const shown = maskSecrets(CarrierSettings, stored);
    expect(merge(shown)).toEqual(stored);
    expect(merge(JSON.parse(JSON.stringify(shown)))).toEqual(stored);
    expect(stored).toEqual(before);
  });

  it('keep an absent, empty or placeheld secret, take a new one, clear one by null', () => {
    expect(merge({ login: 'new' })).toEqual({ login: 'new', password: 'pw-1', webhookKey: 'wh-1' });
    expect(merge({ login: 'new', password: '', webhookKey: { set: true } })).toMatchObject({ password: 'pw-1', webhookKey: 'wh-1' });
    expect(merge({ login: 'new', password: 'pw-2', webhookKey: null })).toEqual({ login: 'new', password: 'pw-2' });
    expect(() => merge({ login: 'new', password: null })).toThrow('password is required');
  });

  it('match items by code, whatever their order', () => {
    const incoming = {
      login: 'shop',
      contracts: [{ code: 7 }, { code: 'b', key: 'key-b' }, { code: 'a', sender: { name: 'A2' } }],
    };
    expect(merge(incoming).contracts).toEqual([
      { code: '7', key: 'key-7' },
      { code: 'b', key: 'key-b' },
      { code: 'a', key: 'key-a', sender: { name: 'A2', token: 'tok-a' } },
    ]);
    expect(merge({ login: 'shop', contracts: { 0: { code: 'a' } } }).contracts).toEqual([{ code: 'a', key: 'key-a' }]);
  });

  it('give a secret to no other item', () => {
    expect(() => merge({ login: 'shop', contracts: [{ code: 'c', key: { set: true } }] })).toThrow('contracts[0].key is required');
    expect(() => merge({ login: 'shop', contracts: [{ key: { set: true } }] })).toThrow('contracts[0].code is required');
  });

  it('take groups and items away with their secrets', () => {
    expect(merge({ login: 'shop', sender: null, contracts: [] })).toEqual({
      login: 'shop',
      password: 'pw-1',
      webhookKey: 'wh-1',
      contracts: [],
    });
  });

  it('can be the first', () => {
    const incoming = { login: 'shop', password: 'pw', sender: { name: 'A', token: { set: true } } };
    expect(getParser(CarrierSettings).parse(mergeSecrets(CarrierSettings, undefined, incoming))).toEqual({
      login: 'shop',
      password: 'pw',
      sender: { name: 'A' },
    });
  });

  it('are rejected by the parser if they are not settings', () => {
    for (const incoming of ['text', 5, [1], null]) expect(() => merge(incoming)).toThrow('Wrong input: body');
    expect(() => merge({ login: 'a', contracts: 'x', sender: 5 })).toThrow('sender must be an object; contracts must be a list');
    expect(() => merge({ login: 'a', contracts: [5] })).toThrow('contracts[0] must be an object');
    expect(() => merge({ login: 'a', password: { set: false } })).toThrow('password must be a text');
  });

  it('need a code where a list holds secrets', () => {
    class ListSettings {
      @IsArray()
      @ValidateNested({ each: true })
      @Type(() => SenderDto)
      senders!: SenderDto[];
    }
    expect(() => mergeSecrets(ListSettings, undefined, { senders: [] })).toThrow('SenderDto has secrets and is in a list');
  });
});

class PlainPlace {
  @NamesAddress()
  @IsString()
  url: string = '';
}

class SiteDto extends PlainPlace {
  @IsString()
  code!: string;

  @IsOptional()
  @IsString()
  @Secret()
  key?: string;
}

class PbxSettings {
  @NamesAddress({ port: 'port' })
  @IsString()
  host: string = '';

  @IsInt()
  port: number = 5038;

  @IsString()
  username: string = '';

  @IsOptional()
  @IsString()
  @Secret()
  secret?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => SenderDto)
  sender?: SenderDto;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SiteDto)
  sites: SiteDto[] = [];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PlainPlace)
  places: PlainPlace[] = [];
}

describe('secrets whose address changes', () => {
  const known: PbxSettings = {
    ...{ host: 'pbx.example', port: 5038, username: 'u', secret: 's-1', sender: { name: 'S', token: 't-1' } },
    sites: [
      { code: 'a', url: 'https://a.example/api', key: 'k-a' },
      { code: 'b', url: 'https://b.example/api', key: 'k-b' },
    ],
    places: [{ url: 'https://files.example/' }],
  };
  const shown = maskSecrets(PbxSettings, known);
  const [siteA, siteB] = shown['sites'] as object[];
  const list = (incoming: unknown, stored = known): string[] =>
    listMovedSecrets(PbxSettings, stored, incoming, getParser(PbxSettings).parse(mergeSecrets(PbxSettings, stored, incoming)));

  it('are empty while every address equals the stored one, in any spelling', () => {
    expect(list(shown)).toEqual([]);
    expect(list({ ...shown, host: 'PBX.example', port: '5038', username: 'other' })).toEqual([]);
    expect(list({ ...shown, sites: [{ ...siteB, url: 'HTTPS://B.example:443/api' }, siteA] })).toEqual([]);
    expect(list({ ...shown, host: '', sites: [], places: [] })).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ['a host', { host: 'evil.example' }, ['secret', 'sender.token', 'sites[0].key', 'sites[1].key']],
    ['a port', { port: 5039 }, ['secret', 'sender.token', 'sites[0].key', 'sites[1].key']],
    ['a port left out', { ...{ host: 'pbx.example:1' } }, ['secret', 'sender.token', 'sites[0].key', 'sites[1].key']],
    ['an item’s scheme', { sites: [{ ...siteA, url: 'http://a.example/api' }, siteB] }, ['sites[0].key']],
    ['an item’s path', { sites: [siteB, { ...siteA, url: 'https://a.example/other' }] }, ['sites[1].key']],
    ['the address of another item', { sites: [{ ...siteA, url: 'https://b.example/api' }] }, ['sites[0].key']],
    [
      'an address without secrets of its own',
      { places: [{ url: 'https://evil.example/' }] },
      ['secret', 'sender.token', 'sites[0].key', 'sites[1].key'],
    ],
  ])('are only its own: %s', (_what, change, paths) => {
    expect(list({ ...shown, ...change })).toEqual(paths);
  });

  it('may be entered again, also unchanged, or cleared', () => {
    const moved = { ...shown, host: 'new.example', sender: { name: 'S', token: null }, sites: [{ ...siteA, key: 'k-a' }] };
    expect(list({ ...moved, secret: 's-1' })).toEqual([]);
    for (const kept of [undefined, '', { set: true }]) expect(list({ ...moved, secret: kept })).toEqual(['secret']);
  });

  it('are required in the placeholder of a missing list', () => {
    const merged = { ...known, host: 'new.example' };
    expect(listMovedSecrets(PbxSettings, known, { host: 'new.example', secret: 's-2', sites: { rows: 2 } }, merged)).toEqual([
      ...['sender.token', 'sites[0].key', 'sites[1].key'],
    ]);
  });

  it('are asked for after the address was emptied in between, and not where none is stored', () => {
    expect(list({ ...shown, host: 'new.example' }, { ...known, host: '' })).toContain('secret');
    expect(list({ host: 'new.example', secret: 's-2' }, new PbxSettings())).toEqual([]);
    expect(list({ host: 'new.example' }, new PbxSettings())).toEqual([]);
  });
});
