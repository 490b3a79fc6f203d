import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { describePayment } from './payment.js';
import { hasEnded, toStripePayment } from './session.js';
import type { WireIntent, WireSession } from './stripe.api.js';

/** A session or payment of the API with the fields that are read. */
function session(changes: Partial<WireSession>): WireSession {
  return { id: 'cs_1', status: 'open', ...changes };
}
function intent(changes: Partial<WireIntent>): WireIntent {
  return {
    id: 'pi_1',
    status: 'requires_payment_method',
    amount_capturable: 0,
    amount_received: 0,
    currency: 'mxn',
    capture_method: 'automatic',
    ...changes,
  };
}
const pending = { status: 'pending', currency: 'MXN' } as const;

describe('the state of a payment', () => {
  it.each([
    ['requires_payment_method', 'pending'],
    ['requires_source', 'pending'],
    ['requires_confirmation', 'pending'],
    ['requires_action', 'pending'],
    ['requires_source_action', 'pending'],
    ['processing', 'pending'],
    ['requires_capture', 'waitingForCapture'],
    ['succeeded', 'succeeded'],
    ['canceled', 'canceled'],
    ['teleported', 'pending'],
    ['toString', 'pending'],
  ])('Stripe’s %s is our %s', (theirs, ours) => {
    const one = intent({ status: theirs });
    expect(describePayment({ intent: one }, pending, 'en')).toMatchObject({ status: ours, externalId: 'pi_1' });
  });

  it.each(['open', 'expired', 'complete'] as const)('a session that is %s and has no payment is pending', (status) => {
    expect(describePayment({ session: session({ status }) }, pending, 'en')).toEqual({
      status: 'pending',
      externalId: 'cs_1',
      memory: { session: 'cs_1' },
    });
  });

  it('a payment canceled because its session ended leaves the invoice pending, unless that was cancelled itself', () => {
    const ended = toStripePayment(
      session({ status: 'expired', payment_intent: intent({ status: 'canceled', cancellation_reason: 'expired' }) }),
    );
    expect(describePayment(ended, pending, 'en').status).toBe('pending');
    expect(hasEnded(ended)).toBe(true);
    expect(describePayment(ended, { ...pending, status: 'canceled' }, 'en').status).toBe('canceled');
  });

  it('a session has not ended while money may be on its way', () => {
    const isOver = (status: string, theirs?: string): boolean =>
      hasEnded(toStripePayment(session({ status, ...(theirs && { payment_intent: intent({ status: theirs }) }) })));
    expect(isOver('open')).toBe(false);
    expect(isOver('open', 'requires_payment_method')).toBe(false);
    expect(isOver('expired')).toBe(true);
    expect(isOver('expired', 'requires_payment_method')).toBe(true);
    expect(isOver('expired', 'processing')).toBe(false);
    expect(isOver('complete')).toBe(false);
    expect(isOver('complete', 'processing')).toBe(false);
    expect(isOver('complete', 'requires_action')).toBe(false);
    expect(isOver('complete', 'requires_payment_method')).toBe(true);
  });

  it('a hold has its amount, and its end from the charge', () => {
    const charge = { created: 1_700_000_000, payment_method_details: { type: 'card', card: { capture_before: 1_700_400_000 } } };
    const held = intent({ status: 'requires_capture', amount_capturable: 900, latest_charge: charge });
    expect(describePayment({ intent: held }, pending, 'en')).toEqual({
      status: 'waitingForCapture',
      externalId: 'pi_1',
      held: toMoney(900, 'MXN'),
      expiresAt: new Date(1_700_400_000_000),
    });
    expect(describePayment({ intent: { ...held, latest_charge: 'ch_1' } }, pending, 'en')).not.toHaveProperty('expiresAt');
  });

  it('an immediate payment was paid at the charge, and the time of a hold’s capture is unknown', () => {
    const charge = { created: 1_700_000_000 };
    const paid = intent({ status: 'succeeded', amount_received: 700, latest_charge: charge });
    expect(describePayment({ intent: paid }, pending, 'en')).toMatchObject({
      captured: toMoney(700, 'MXN'),
      paidAt: new Date(1_700_000_000_000),
    });
    expect(describePayment({ intent: { ...paid, capture_method: 'manual' } }, pending, 'en')).not.toHaveProperty('paidAt');
  });

  it('another currency than the invoice’s is not taken for it', () => {
    const paid = intent({ status: 'succeeded', amount_received: 700, currency: 'usd' });
    expect(() => describePayment({ intent: paid }, pending, 'en')).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });

  it.each([
    [{ cancellation_reason: 'automatic' }, 'La retención caducó antes de confirmarse'],
    [{ cancellation_reason: 'fraudulent' }, 'Anulado por fraude'],
    [{ cancellation_reason: 'abandoned' }, 'El comprador no terminó el pago'],
    [{}, 'Anulado por la tienda'],
    [{ cancellation_reason: 'void_invoice' }, 'Anulado en Stripe'],
    [
      { last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' } },
      'El pago fue rechazado: no hay fondos suficientes en la tarjeta',
    ],
  ])('why it was canceled: %j', (changes, text) => {
    const gone = intent({ status: 'canceled', ...changes });
    expect(describePayment({ intent: gone }, pending, 'es')).toMatchObject({ status: 'canceled', cancellation: text });
  });
});
