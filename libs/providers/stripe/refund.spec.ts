import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { toRefundState } from './refund.js';

describe('a refund', () => {
  const refund = {
    id: 're_1',
    amount: 500,
    currency: 'mxn',
    status: 'succeeded',
    metadata: { refundId: 'ref-1' },
  };

  it.each([
    ['pending', 'pending'],
    ['requires_action', 'pending'],
    ['succeeded', 'succeeded'],
    ['failed', 'canceled'],
    ['canceled', 'canceled'],
    ['lost', 'pending'],
    [undefined, 'pending'],
  ])('Stripe’s %s is our %s', (status, ours) => {
    expect(toRefundState({ ...refund, status }, 'MXN', 'en').status).toBe(ours);
  });

  it('bears our id, and one made elsewhere none', () => {
    expect(toRefundState(refund, 'MXN', 'en')).toEqual({
      externalId: 're_1',
      reference: 'ref-1',
      amount: toMoney(500, 'MXN'),
      status: 'succeeded',
    });
    expect(toRefundState({ ...refund, metadata: {} }, 'MXN', 'en')).not.toHaveProperty('reference');
    expect(toRefundState({ ...refund, metadata: undefined }, 'MXN', 'en')).not.toHaveProperty('reference');
  });

  it('reports why it failed', () => {
    const failed = { ...refund, status: 'failed' };
    expect(toRefundState({ ...failed, failure_reason: 'expired_or_canceled_card' }, 'MXN', 'ru').comment).toBe(
      'Карта просрочена или закрыта',
    );
    expect(toRefundState({ ...failed, failure_reason: 'constructor' }, 'MXN', 'en').comment).toBe('The refund did not come about');
  });
});
