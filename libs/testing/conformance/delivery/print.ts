import { expect, it } from '@jest/globals';
import type { ExistingDelivery } from '#delivery/port';
import { pdfPages } from '../../pdf.js';
import { attempt } from '../provider/index.js';
import type { DeliverySuite } from './suite.js';

/** Returns texts that identify a printed page. Not the order's number: samples may share it. */
function listMarks<S extends object>(suite: DeliverySuite<S>, delivery: ExistingDelivery): string[] {
  const marks = suite.subject.marks?.(delivery) ?? [delivery.trackNumber ?? '', delivery.externalId, delivery.reference];
  return marks.filter((mark) => mark !== '').map(withoutSpaces);
}

/** Tests the printed forms of orders. */
export function testPrint<S extends object>(suite: DeliverySuite<S>): void {
  it('each form of orders is one file with the orders in the requested sequence', async () => {
    const deliveries = [await suite.register(), await suite.register(), await suite.register()];
    for (const { code, format } of suite.manifest.forms.filter(({ entity }) => entity === 'order')) {
      for (const asked of [deliveries, [...deliveries].reverse(), deliveries.slice(1, 2)]) {
        const limited = asked.slice(0, suite.manifest.printLimit);
        const pdf = (await suite.provider.print?.({ entity: 'order', form: code, deliveries: limited }, suite.context)) ?? new Uint8Array();
        const start = Buffer.from(pdf.subarray(0, 5)).toString('latin1');
        expect(start).toMatch(format === 'zpl' ? /^\^XA/ : /^%PDF-$/);
        const pages = (format === 'zpl' ? splitLabels(pdf) : pdfPages(pdf).map(({ text }) => text)).map(withoutSpaces);
        expect(pages.length).toBeGreaterThanOrEqual(limited.length);
        const firstPages = limited.map((delivery) =>
          pages.findIndex((page) => listMarks(suite, delivery).some((mark) => page.includes(mark))),
        );
        expect(firstPages).toEqual([...firstPages].sort((a, b) => a - b));
        expect(new Set(firstPages).size).toBe(limited.length);
        expect(firstPages).not.toContain(-1);
      }
    }
  });

  it('a file without the label of an order is not returned', async () => {
    const { whilePrintFails } = suite.subject;
    if (!whilePrintFails) return suite.leaveOpen('a label that the service fails to make is not left out', 'whilePrintFails');
    const [failed, other] = [await suite.register(), await suite.register()];
    const deliveries = [failed, other].slice(0, suite.manifest.printLimit);
    for (const { code } of suite.manifest.forms.filter(({ entity }) => entity === 'order'))
      await attempt(`print of ${code}`, async () => {
        const print = (): Promise<unknown> | undefined =>
          suite.provider.print?.({ entity: 'order', form: code, deliveries }, suite.context);
        const error = await suite.catchFailure(whilePrintFails.call(suite.subject, async () => print(), failed));
        expect(['invalid', 'rejected', 'unavailable']).toContain(error.kind);
      });
  });

  it('an unknown form is rejected', async () => {
    const existing = await suite.register();
    const error = await suite.catchFailure(
      suite.provider.print?.({ entity: 'order', form: 'no-such-form', deliveries: [existing] }, suite.context),
    );
    expect(['invalid', 'rejected']).toContain(error.kind);
  });
}

/** The commands of each label. */
function splitLabels(commands: Uint8Array): string[] {
  return Buffer.from(commands).toString().split('^XA').slice(1);
}

function withoutSpaces(text: string): string {
  return text.replace(/\s/g, '');
}
