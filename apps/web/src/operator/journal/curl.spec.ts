import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeCurl } from './curl.js';

type Entry = Parameters<typeof writeCurl>[0];

const ROOT = 'https://modules.example.com';
const entry = (changes: Partial<Entry>): Entry => ({
  id: '1',
  at: '2026-11-27T06:27:18.064Z',
  connectionId: null,
  module: 'courier',
  provider: 'courier',
  kind: 'callback',
  direction: 'in',
  name: 'delivery.save',
  verb: 'POST',
  address: '/courier/callbacks/delivery/save',
  status: 200,
  outcome: 'ok',
  error: null,
  durationMs: 4,
  request: null,
  subjects: [],
  requestBody: null,
  replyBody: null,
  ...changes,
});
/** Returns the arguments that a shell passes to curl. */
const runShell = (command: string): string[] =>
  execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('writeCurl', () => {
  it('writes a callback with placeholders for masked values', () => {
    const content = { clientId: '***(13)', save: { order: '7', customer: { phones: ['***(12)'] } } };
    expect(runShell(writeCurl(entry({ requestBody: { type: 'application/x-www-form-urlencoded', content } }), ROOT))).toEqual([
      '-X',
      'POST',
      `${ROOT}/courier/callbacks/delivery/save`,
      '--data-urlencode',
      'clientId=<clientId>',
      '--data-urlencode',
      'save={"order":"7","customer":{"phones":["<save.customer.phones.0>"]}}',
    ]);
  });

  it('writes calls of the CRM and of providers with placeholders for their credentials', () => {
    const crm = writeCurl(
      entry({ kind: 'crm', direction: 'out', verb: 'GET', address: 'https://demo.retailcrm.pro/api/v5/orders?id=***' }),
      ROOT,
    );
    expect(runShell(crm)).toEqual([
      '-X',
      'GET',
      'https://demo.retailcrm.pro/api/v5/orders?id=<masked>',
      '-H',
      'X-API-KEY: <API key of the shop>',
    ]);
    const provider = entry({
      ...{ kind: 'provider', direction: 'out', provider: 'cdek', address: 'https://api.cdek.ru/v2/orders' },
      requestBody: { type: 'application/json', content: { comment: "it's" } },
    });
    expect(runShell(writeCurl(provider, ROOT))).toEqual([
      ...['-X', 'POST', 'https://api.cdek.ru/v2/orders', '-H', 'Authorization: <credentials of the shop at cdek>'],
      ...['-H', 'Content-Type: application/json', '--data-raw', `{"comment":"it's"}`],
    ]);
  });

  it('names a file where the body was not kept', () => {
    const command = writeCurl(entry({ requestBody: { type: 'application/pdf', size: 4_000 } }), ROOT);
    expect(runShell(command).slice(3)).toEqual(['-H', 'Content-Type: application/pdf', '--data-binary', '@body']);
  });

  it('lets no text of a body become a command', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0') && !one.includes('***'));
    fc.assert(
      fc.property(text, (name) => {
        const command = writeCurl(entry({ requestBody: { type: 'application/xml', content: `$(touch x)'; ${name}` } }), ROOT);
        expect(runShell(command).at(-1)).toBe(`$(touch x)'; ${name}`);
      }),
      { numRuns: 30 },
    );
  });
});
