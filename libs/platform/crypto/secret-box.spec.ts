import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SecretBox, SecretBoxError } from './secret-box.js';

const key = (): string => randomBytes(32).toString('base64');

describe('sealed secrets', () => {
  const box = new SecretBox(key());

  it('open to the original text, only in their own context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
        const sealed = box.seal(text, context);
        expect(box.open(sealed, context)).toBe(Buffer.from(text).toString());
        expect(() => box.open(sealed, `${context}.`)).toThrow(SecretBoxError);
      }),
    );
  });

  it('differ each time, and do not show what they hold', () => {
    const [one, other] = [box.seal('a secret of mine', 'c'), box.seal('a secret of mine', 'c')];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('secret');
  });

  it('do not open when a single byte was changed', () => {
    const [version, id, body] = box.seal('secret', 'c').split('.');
    const bytes = Buffer.from(body ?? '', 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => box.open(`${version}.${id}.${changed.toString('base64url')}`, 'c')).toThrow(SecretBoxError);
    }
  });

  it.each(['', 'x', 'v1', 'v1.x.y', 'v2.x.y', 'v1..', 'v1.00000000.'])('do not open if they are invalid: %p', (text) => {
    expect(() => box.open(text, 'c')).toThrow(SecretBoxError);
  });

  it('open with every key of the list, and the first key seals', () => {
    const [old, fresh] = [key(), key()];
    const sealed = new SecretBox(old).seal('secret', 'c');
    const rotated = new SecretBox(`${fresh}, ${old}`);
    expect(rotated.open(sealed, 'c')).toBe('secret');
    expect([rotated.isStale(sealed), rotated.isStale(rotated.seal('secret', 'c'))]).toEqual([true, false]);
    expect(() => new SecretBox(fresh).open(sealed, 'c')).toThrow('no ENCRYPTION_KEY opens this secret');
  });

  it('take a key as hex too', () => {
    const bytes = randomBytes(32);
    expect(new SecretBox(bytes.toString('hex')).open(new SecretBox(bytes.toString('base64')).seal('s', 'c'), 'c')).toBe('s');
  });

  it.each(['', ' , ', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('hex')])(
    'need a key of 32 bytes: %p',
    (text) => {
      expect(() => new SecretBox(text)).toThrow(SecretBoxError);
    },
  );
});

describe('signed tokens', () => {
  const box = new SecretBox(key());

  it('are read back for their own purpose only', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (payload, purpose) => {
        const token = box.sign(payload, purpose);
        expect(box.verify(token, purpose)).toBe(payload);
        expect(box.verify(token, `${purpose}x`)).toBeUndefined();
        expect(new SecretBox(key()).verify(token, purpose)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('are refused when payload or signature were changed', () => {
    const [payload, signature] = box.sign('{"id":1}', 'p').split('.');
    const forged = Buffer.from('{"id":2}').toString('base64url');
    for (const token of [`${forged}.${signature}`, `${payload}.${signature}x`, `${payload}.`, `.${signature}`, payload ?? '', '', '..'])
      expect(box.verify(token, 'p')).toBeUndefined();
  });

  it('are not tokens with anything more in them', () => {
    const token = box.sign('{"id":1}', 'p');
    for (const more of ['.', '.x', '=', ' ', '\n', '?', '%00', token]) expect(box.verify(token + more, 'p')).toBeUndefined();
    for (const other of [` ${token}`, token.replace('.', '=.'), token.replace('.', '!.'), token.replace('.', '..')])
      expect(box.verify(other, 'p')).toBeUndefined();
  });

  it('outlive a change of keys', () => {
    const [old, fresh] = [key(), key()];
    expect(new SecretBox(`${fresh},${old}`).verify(new SecretBox(old).sign('x', 'p'), 'p')).toBe('x');
  });
});
