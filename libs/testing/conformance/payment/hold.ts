import { expect, it } from '@jest/globals';
import type { ApproveRequest, ExistingPayment } from '#payment/port';
import { toMoney, ProviderError } from '#provider-kit';
import { existingPayment, uuidOfNow } from './existing-payment.js';
import { refused } from './refused.js';
import type { PaymentSuite } from './suite.js';

/** Tests that a hold is captured once, and never beyond its amount. */
export function testHold<S extends object>(suite: PaymentSuite<S>): void {
  it('has the end that the provider returns, and is captured in part, once', async () => {
    const held = await suite.pay(await suite.create('manual'));
    const state = await suite.get(held);
    expect(state.status).toBe('waitingForCapture');
    expect((state.held ?? held.request.amount).minor).toBe(100_50);
    if (state.expiresAt) expect(state.expiresAt.getTime()).toBeGreaterThan(Date.now());
    await suite.checkTimes(held);
    const part = toMoney(60_25, held.request.amount.currency);
    const key = uuidOfNow();
    const after = await suite.approve(held, part, key);
    expect([after.status, after.captured]).toEqual(['succeeded', part]);
    const repeated = await suite.approve(held, part, key).catch((error: unknown) => error);
    if (repeated instanceof ProviderError) expect(repeated.kind).toBe('rejected');
    expect(await suite.refresh(after)).toMatchObject({ status: 'succeeded', captured: part });
    // The same request may succeed again. Another amount must not.
    await refused(suite.approve(after, toMoney(60_24, part.currency)));
  });

  it('cannot be captured beyond the held amount', async () => {
    const held = await suite.pay(await suite.create('manual'));
    await refused(suite.approve(held, toMoney(100_51, held.request.amount.currency)), ['rejected', 'invalid']);
    expect((await suite.get(held)).status).toBe('waitingForCapture');
  });

  it('is not captured if the service rejects the capture', async () => {
    const { whileCaptureRefused } = suite.getRefusals() ?? {};
    if (!whileCaptureRefused) return;
    const held = await suite.pay(await suite.create('manual'));
    const after = await whileCaptureRefused(() => suite.approve(held, held.request.amount).catch((error: unknown) => error), held);
    if (after instanceof ProviderError) expect(after.kind).toBe('rejected');
    else expect(after).not.toMatchObject({ status: 'succeeded' });
  });
}

/** Tests that an approval of the buyer becomes a hold, once. */
export function testAuthorize<S extends object>(suite: PaymentSuite<S>): void {
  it('is made once of an approval that get returns', async () => {
    const opened = await suite.open(await suite.create('manual'));
    await suite.subject.pay(opened);
    expect(await suite.get(opened)).toMatchObject({ status: 'pending', toAuthorize: true });
    const before = await suite.subject.faults?.made();
    const key = uuidOfNow();
    expect((await suite.authorize(opened, key)).status).toBe('waitingForCapture');
    const repeated = await suite.authorize(opened, key).catch((error: unknown) => error);
    if (repeated instanceof ProviderError) expect(repeated.kind).toBe('rejected');
    const { status, toAuthorize } = await suite.get(opened);
    expect([status, toAuthorize]).toEqual(['waitingForCapture', undefined]);
    if (before !== undefined) expect(await suite.subject.faults?.made()).toBe(before + 1);
  });
}

/** Tests captures that the buyer's bank declines, or decides later. */
export function testDecidedCaptures<S extends object>(suite: PaymentSuite<S>): void {
  it('can be paid again by another attempt after its capture was declined', async () => {
    const { captures } = suite.subject;
    if (!captures) return;
    const held = await suite.pay(await suite.create('manual'));
    const state = await captures.whileDeclined(() =>
      suite.within(async (given) => suite.provider.approve?.(held, toApproval(held), given)),
    );
    expect(state).toMatchObject({ status: 'pending', declined: expect.stringMatching(/./) });
    const declined = await suite.refresh(held);
    expect([declined.status, await suite.get(declined)]).toEqual(['pending', expect.objectContaining({ declined: expect.any(String) })]);
    const paid = await suite.pay(declined);
    expect([paid.status, paid.externalId === held.externalId]).toEqual(['waitingForCapture', false]);
    expect((await suite.approve(paid, paid.request.amount)).status).toBe('succeeded');
  });

  it('stays held while its capture waits, and the reading reports the decision', async () => {
    const { captures } = suite.subject;
    if (!captures) return;
    const held = await suite.pay(await suite.create('manual'));
    const { amount } = held.request;
    const state = await captures.whileWaiting(() => suite.within(async (given) => suite.provider.approve?.(held, toApproval(held), given)));
    expect(state).toMatchObject({ status: 'waitingForCapture', capturing: amount });
    expect(await suite.get(held)).toMatchObject({ status: 'waitingForCapture', capturing: amount });
    await captures.settle(held);
    const { status, captured = amount } = await suite.get(held);
    expect([status, captured]).toEqual(['succeeded', amount]);
  });
}

function toApproval({ request }: ExistingPayment): ApproveRequest {
  return { key: uuidOfNow(), amount: request.amount };
}

/** Tests a hold that ends or is released. */
export function testHoldEnds<S extends object>(suite: PaymentSuite<S>): void {
  it('cannot be captured after its end', async () => {
    if (!suite.subject.endHold) return expect(suite.subject.endHold).toBeUndefined();
    const held = await suite.pay(await suite.create('manual'));
    await suite.subject.endHold(held);
    await refused(suite.approve(held, held.request.amount));
    expect((await suite.get(held)).status).toBe('canceled');
  });

  if (suite.has('cancel'))
    it('cannot be captured or refunded after its release', async () => {
      const held = await suite.pay(await suite.create('manual'));
      const state = await suite.cancel(held);
      expect(state.status).toBe('canceled');
      expect((await suite.get(held)).status).toBe('canceled');
      await refused(suite.approve(existingPayment(held, state), held.request.amount));
      if (suite.has('refund')) await refused(suite.refund(existingPayment(held, state), 1_00));
    });

  if (suite.has('refund'))
    it('cannot be refunded before its capture', async () => {
      const held = await suite.pay(await suite.create('manual'));
      await refused(suite.refund(held, 1_00));
      expect((await suite.get(held)).status).toBe('waitingForCapture');
    });
}
