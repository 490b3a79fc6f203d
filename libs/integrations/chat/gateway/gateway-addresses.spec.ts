import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { HostedModule } from '#connections';
import { type Environment, SecretBox } from '#platform';
import { GatewayAddresses } from './gateway-addresses.js';

const key = (): string => randomBytes(32).toString('base64');
const [ID, OTHER] = ['0190a0a0-0000-7000-8000-000000000001', '0190a0a0-0000-7000-8000-000000000002'];

function open(keys: string): GatewayAddresses {
  return new GatewayAddresses({ publicUrl: 'https://modules.example' } as Environment, new SecretBox(keys));
}

function build(addresses: GatewayAddresses, id = ID): string {
  const module = { code: 'telegram' } as HostedModule;
  return addresses.build({ id, module: Object.assign(module, { providers: [module] }) });
}

const secretOf = (address: string): string => address.split('/').at(-1) ?? '';

describe("the address for the gateway's webhooks", () => {
  it('is the same each time, and holds a secret of its connection', () => {
    const addresses = open(key());
    const address = build(addresses);
    expect(build(addresses)).toBe(address);
    expect(address).toMatch(new RegExp(`^https://modules\\.example/telegram/webhooks/${ID}/mg/[\\w-]+\\.[\\w-]{43}$`));
    expect(addresses.verify(ID, secretOf(address))).toBe(true);
  });

  it('is not forged, or taken from another connection', () => {
    const addresses = open(key());
    const secret = secretOf(build(addresses));
    expect(addresses.verify(OTHER, secret)).toBe(false);
    for (const forged of ['', 'x', `${secret}x`, secret.slice(0, -1), secretOf(build(open(key())))])
      expect(addresses.verify(ID, forged)).toBe(false);
    // Another purpose of the same key.
    const keys = key();
    expect(open(keys).verify(ID, new SecretBox(keys).sign(ID, 'account page session'))).toBe(false);
  });

  it('changes with the first key, and the former address works while its key exists', () => {
    const [old, fresh] = [key(), key()];
    const before = build(open(old));
    const rotated = open(`${fresh},${old}`);
    expect(build(rotated)).not.toBe(before);
    expect(rotated.verify(ID, secretOf(before))).toBe(true);
    expect(open(fresh).verify(ID, secretOf(before))).toBe(false);
  });
});
