import { expect, it } from '@jest/globals';
import { attempt } from '../provider/index.js';
import type { DeliverySuite } from './suite.js';

const ODD_CODES = [
  ...['', ' ', 'NO_SUCH_CODE', 'DELIVERED_SOON', 'delivered?', 'success', '0', '-1', 'null', 'undefined'],
  ...['__proto__', 'constructor', 'toString', 'Доставлен'],
];

/** Tests that the codes of the service lead to the statuses of the manifest. */
export function testStatuses<S extends object>(suite: DeliverySuite<S>): void {
  it('every status of the manifest is reached by a code of the service', async () => {
    const { serviceCodes, reach = {}, statusOf = (code: string) => code } = suite.subject;
    if (serviceCodes === undefined) {
      // People set the statuses of a service that is built in.
      if (!suite.isLocal()) suite.unproven.add('every status is reached', 'serviceCodes');
      return;
    }
    // A delivery that the CRM withdrew has this one, whatever the service replies.
    const codes = new Set([suite.manifest.cancelledStatus, ...[...serviceCodes, ...ODD_CODES].map((code) => statusOf(code))]);
    for (const [status, play] of Object.entries(reach))
      await attempt(`reach of "${status}"`, async () => void codes.add(await play(await suite.register())));
    expect(suite.listStatusCodes().filter((code) => !codes.has(code))).toEqual([]);
  });

  it('every code of the service has a status', () => {
    const { serviceCodes = [], undecidedCodes = [], statusOf = (code: string) => code } = suite.subject;
    const unknown = new Set(ODD_CODES.map((code) => statusOf(code)));
    expect(serviceCodes.filter((code) => unknown.has(statusOf(code)))).toEqual([...undecidedCodes]);
  });

  it('only the success codes of the service end a delivery successfully', () => {
    const { serviceCodes = [], successCodes, statusOf = (code: string) => code } = suite.subject;
    if (successCodes === undefined) return suite.leaveOpen('only delivered and returned parcels end successfully', 'successCodes');
    const isSuccess = (code: string): boolean =>
      suite.manifest.statuses.some(
        ({ code: own, isFinal, isError }) => own === statusOf(code) && isFinal && !isError && own !== suite.manifest.cancelledStatus,
      );
    expect(serviceCodes.filter(isSuccess)).toEqual(serviceCodes.filter((code) => successCodes.includes(code)));
  });
}

/** Tests that a code which the provider does not have ends nothing. */
export function testUnknownStatus<S extends object>(suite: DeliverySuite<S>): void {
  it('an unknown code of the service never ends a delivery', () => {
    if (suite.isLocal() && suite.subject.statusOf === undefined) return;
    const { statusOf } = suite.subject;
    if (statusOf === undefined) throw new Error('the subject needs statusOf(): what the provider’s adapter makes of the service’s codes');
    for (const odd of ODD_CODES) {
      const status = suite.manifest.statuses.find(({ code }) => code === statusOf(odd));
      expect([odd, status?.isFinal ?? (status ? false : 'no status')]).toEqual([odd, false]);
    }
  });
}
