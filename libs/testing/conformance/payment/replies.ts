import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import type { ServiceFaults } from '../lost-calls.js';
import { uuidOfNow } from './existing-payment.js';
import type { PaymentSuite } from './suite.js';

const ODD_CODES = ['', ' ', 'NO_SUCH_CODE', 'succeeded?', 'paid_soon', '0', 'null', '__proto__', 'constructor', 'toString', 'Оплачен'];

/** Tests that replies and statuses are not misread. */
export function testReplies<S extends object>(suite: PaymentSuite<S>): void {
  it('a reply about another invoice, or in another currency, changes nothing', async () => {
    const { alter } = suite.subject.faults ?? {};
    if (!alter) return suite.leaveOpen('replies about other invoices, or in other currencies, change nothing', 'faults.alter');
    const [paid, unpaid] = [await suite.take(), await suite.create()];
    await suite.subject.refundThere?.(paid, 50);
    if (typeof suite.subject.disputes === 'object') await suite.subject.disputes.open(paid, 40_00);
    const { currency } = paid.request.amount;
    const unnoticed = [
      ...(await listUnnoticed(alter, () => suite.get(paid), paid.id, uuidOfNow())),
      ...(await listUnnoticed(alter, () => suite.get(paid), currency, currency === 'EUR' ? 'USD' : 'EUR', { isEach: true })),
      ...(suite.has('find')
        ? await listUnnoticed(alter, async () => suite.provider.find?.(unpaid.id, suite.context), unpaid.id, uuidOfNow())
        : []),
    ];
    expect(unnoticed).toEqual([]);
  });

  it('an unknown status of the service is pending', () => {
    if (!suite.subject.statusOf) return expect(suite.provider.manifest.recovery.kind).toBe('local');
    for (const code of ODD_CODES) expect(suite.subject.statusOf(code)).toBe('pending');
  });
}

/**
 * Reads with `theirs` in place of `ours` in all replies, or (`isEach`) in the replies of one call after the
 * other. Returns the calls whose replies changed without any effect on the result.
 */
async function listUnnoticed(
  alter: NonNullable<ServiceFaults['alter']>,
  read: () => Promise<unknown>,
  ours: string,
  theirs: string,
  { isEach = false } = {},
): Promise<string[]> {
  const pattern = new RegExp(ours, 'gi');
  const replace = (text: string): string =>
    text.replace(pattern, (found) => (found === found.toLowerCase() ? theirs.toLowerCase() : theirs));
  const calls = new Set<string>();
  const truth = await alter((json, call) => (replace(json) !== json && calls.add(call), json), read);
  const unnoticed: string[] = [];
  for (const some of isEach ? [...calls].map((call) => [call]) : [[...calls]]) {
    const result = await alter((json, call) => (some.includes(call) ? replace(json) : json), read).catch((error: unknown) => error);
    // Amounts of an invoice have no other currency.
    const isTaken = !(result instanceof Error) && JSON.stringify(result ?? '').includes(`"currency":"${theirs}"`);
    if (isTaken || isDeepStrictEqual(result, truth)) unnoticed.push(`${theirs} in the reply of ${some.join(', ')}`);
  }
  return unnoticed;
}
