import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { equalInConstantTime, hmacSha256Hex, newId, randomToken, sha256Hex } from './crypto.js';

describe('hashes', () => {
  it('match the standards', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    // RFC 4231, test case 2.
    expect(hmacSha256Hex('Jefe', 'what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });
});

describe('comparison', () => {
  it('returns the same as === for all lengths', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (left, right) => equalInConstantTime(left, right) === (left === right)));
    fc.assert(fc.property(fc.string(), (text) => equalInConstantTime(text, text)));
  });
});

describe('tokens', () => {
  it('are long enough and fit an address', () => {
    const tokens = Array.from({ length: 100 }, () => randomToken());
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(randomToken(16)).toMatch(/^[\w-]{22}$/);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that never repeat, with the time in front', () => {
    const before = Date.now();
    const ids = Array.from({ length: 10_000 }, newId);
    const after = Date.now();
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(10_000);
    for (const id of ids) {
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      const time = parseInt(id.slice(0, 13).replace('-', ''), 16);
      expect(time >= before && time <= after).toBe(true);
    }
  });
});
