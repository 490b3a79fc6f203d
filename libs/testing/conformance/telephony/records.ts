import { buffer } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import type { TelephonyProvider } from '#telephony/port';
import { checkProviderError } from '../provider/index.js';
import type { TelephonySuite } from './suite.js';

const ODD_RECORDS = ['', ' ', '../../etc/passwd', '/etc/passwd', 'no such record', 'http://127.0.0.1:1/x', '..%2f..%2fetc', 'a\nb'];

/** Tests recordings. */
export function testRecords<S extends object>(suite: TelephonySuite<S>): void {
  it('returns a whole recording and a part of it', async () => {
    const { record } = suite.subject;
    if (!record) throw new Error('the subject needs a record');
    const open = async (): Promise<NonNullable<Awaited<ReturnType<NonNullable<TelephonyProvider['findRecord']>>>>> => {
      const file = await suite.provider.findRecord?.(record.reference, suite.context);
      if (!file) throw new Error('the recording is not found');
      return file;
    };
    const file = await open();
    expect(['audio/wav', 'audio/mpeg']).toContain(file.type);
    expect(file.name).toMatch(/^[^/\\]{1,255}$/);
    if (file.size !== undefined) expect(file.size).toBe(record.bytes.length);
    expect(Buffer.compare(await buffer(await file.open()), record.bytes)).toBe(0);
    // Also of a service without ranges, which sends all.
    expect(Buffer.compare(await buffer(await (await open()).open({ start: 1, end: 4 })), record.bytes.subarray(1, 5))).toBe(0);
  });

  it('returns nothing for a reference outside the recordings', async () => {
    for (const reference of ODD_RECORDS)
      try {
        expect([reference, await suite.provider.findRecord?.(reference, suite.context)]).toEqual([reference, undefined]);
      } catch (error) {
        expect(['invalid', 'not_found', 'rejected']).toContain(checkProviderError(error, suite.provider, suite.context.settings).kind);
      }
  });
}
