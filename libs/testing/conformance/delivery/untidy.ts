import { it } from '@jest/globals';
import type { DeliverySuite } from './suite.js';
import { testUntidyOrders } from './untidy-orders.js';

/** Tests untidy orders, with the amounts that are collected and insured. */
export function testUntidy<S extends object>(suite: DeliverySuite<S>): void {
  it('untidy orders, their cash and their insured value are given, or noted as not proved', () => {
    if (suite.isLocal()) return;
    if (suite.subject.untidy === undefined) suite.unproven.add('untidy orders are registered or rejected', 'untidy');
    if (suite.manifest.cod && !suite.subject.untidy?.collected) suite.unproven.add('the right cash is collected', 'untidy.collected');
    if (!suite.subject.untidy?.insured) suite.unproven.add('the right value is insured', 'untidy.insured');
  });

  testUntidyOrders(() => suite.subject.untidy, {
    save: (request, settings = suite.context.settings) => suite.provider.save(request, { ...suite.context, settings }),
    newRequest: () => suite.newRequest(),
    settle: () => suite.settle(),
  });
}
