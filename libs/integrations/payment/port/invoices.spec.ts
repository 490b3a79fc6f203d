import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { addRefund, nameItem, toMetadata, toTitle } from './invoices.js';
import type { RefundState } from './replies.js';
import type { CreateRequest } from './requests.js';

const request = { reference: 'r-1', invoiceUuid: 'i-1', orderNumber: '1001' } as CreateRequest;

describe('an invoice at a gateway', () => {
  it('has a title with the number of its order', () => {
    expect([toTitle(request, 'en', 20), toTitle(request, 'ru', 8)]).toEqual(['Order 1001', 'Заказ 1…']);
    expect(toTitle({ ...request, orderNumber: undefined } as unknown as CreateRequest, 'es', 20)).toBe('Pago');
  });

  it('names an item without a name by its place', () => {
    expect([nameItem({ name: ' A\n b ' }, 0, 'en'), nameItem({ name: ' ' }, 1, 'en')]).toEqual(['A b', 'Item 2']);
  });

  it('has metadata that lead back to the payment', () => {
    expect(toMetadata(request, 3)).toEqual({ paymentId: 'r-1', invoiceUuid: 'i-1', orderNumber: '10…' });
    expect(toMetadata({ ...request, orderNumber: undefined } as unknown as CreateRequest, 3)).not.toHaveProperty('orderNumber');
  });

  it('has a new refund once, in its listed state and with our reference', () => {
    const refund = (externalId: string, status: RefundState['status'] = 'succeeded'): RefundState => ({
      ...{ externalId, status, amount: toMoney(1, 'RUB') },
    });
    const [made, other] = [refund('a', 'pending'), refund('b')];
    expect(addRefund([refund('a', 'canceled'), other], made, 'key')).toEqual([other, { ...refund('a', 'canceled'), reference: 'key' }]);
    expect(addRefund([other], made, 'key')).toEqual([other, { ...made, reference: 'key' }]);
  });
});
