import type { PaymentState } from '#payment/port';
import { fillIn } from '#platform';
import { makeError, type ProviderError, toWireAmount } from '#provider-kit';
import { texts } from './stripe.texts.js';

/** The reason why a call does not fit a payment's state. Without one, the refusal by Stripe. */
export function explainRefusal({ status, captured, cancellation }: PaymentState, refusal?: ProviderError): ProviderError {
  const { cause } = refusal ?? {};
  switch (status) {
    case 'succeeded': {
      const sum = captured ? ` (${toWireAmount(captured)} ${captured.currency})` : '';
      return makeError('rejected', fillIn(texts.taken, { sum }), { cause });
    }
    case 'canceled':
      return makeError('rejected', fillIn(texts.canceled, { why: cancellation ?? texts.nothingHeld }), { cause });
    case 'pending':
      return refusal ?? makeError('rejected', texts.onItsWay);
    case 'waitingForCapture':
      return refusal ?? makeError('rejected', texts.held);
  }
}
