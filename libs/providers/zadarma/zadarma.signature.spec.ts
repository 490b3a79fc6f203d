import { describe, expect, it } from '@jest/globals';
import { isSigned, signCall, writeParameters } from './zadarma.signature.js';

const SECRET = 'examplesecret000000a1';

describe('signatures, by worked examples', () => {
  it.each<[path: string, parameters: Record<string, string>, text: string, signature: string]>([
    [
      '/v1/request/callback/',
      { to: '442037691881', from: '100', format: 'json' },
      'format=json&from=100&to=442037691881',
      'MzA1MDMwMWE3ODI4M2E1OGU0Y2M2YzEzYTJiYzJkNTk5YzcxNzU1MA==',
    ],
    ['/v1/info/balance/', {}, '', 'ZWQ5MjRiMjNlNmYxN2Y4Y2NhYTdkMzE4ZTQ3MWRkNjZjYWNlNjFhNA=='],
    [
      '/v1/statistics/pbx/',
      { start: '2026-11-01 00:00:00', end: '2026-11-02 00:00:00', version: '2', format: 'json' },
      'end=2026-11-02+00%3A00%3A00&format=json&start=2026-11-01+00%3A00%3A00&version=2',
      'ODNhNzc1NDkwNTZlZDE2MTQ0NjY5NjU3NDkyZjRmYjBiODM0ZTEzYw==',
    ],
  ])('of a call of %s', (path, parameters, text, signature) => {
    expect(writeParameters(parameters)).toBe(text);
    expect(signCall(SECRET, path, text)).toBe(signature);
  });

  it('encodes by RFC 1738', () => {
    expect(writeParameters({ b: "it's (~*!) +7", a: 'é_-.' })).toBe('a=%C3%A9_-.&b=it%27s+%28%7E%2A%21%29+%2B7');
  });

  it.each([
    ['+4420376918814420376918802026-11-24 10:15:00', 'ODBhZGRmMTA2Yjg0M2ZkNDVmY2Q2NGU2NzE1NjZlYjcyYzI1ZGYyNg=='],
    ['+4420376918814420376918802026-11-24 10:15:00', 'gK3fEGuEP9RfzWTmcVZutywl3yY='],
    ['100+4420376918812026-11-24 10:15:00', 'ODQwMTY0ZGI4NDY2YTFkMTc0ZDY3MDZmZTljNzE2OTc3OTUzYmNhNw=='],
    ['in_ae6b03b3b0765d127ec0b739209346bbc4f0d52d1458313316.343456', 'ODg1OWMyZjFmODEyMmIwYjY5NjA3NTMyYmExN2UxNzk5OTMwMWY1ZQ=='],
  ])('of the notice %s', (text, signature) => {
    expect(isSigned(SECRET, text, signature)).toBe(true);
    expect(isSigned(SECRET, `${text}1`, signature)).toBe(false);
    expect(isSigned('another', text, signature)).toBe(false);
    expect(isSigned(SECRET, text, '')).toBe(false);
  });
});
