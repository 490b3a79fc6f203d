import type { PaymentState } from '#payment/port';
import { textFor } from '#platform';
import { makeError, ProviderError } from '#provider-kit';
import type { ShopContext } from './yookassa.api.js';
import { texts } from './yookassa.texts.js';

/**
 * Explains why a call does not fit the payment's state, or YooKassa's rejection if the state does not explain
 * it.
 */
export function explainRefusal({ status, cancellation }: PaymentState, { account }: ShopContext, refusal?: ProviderError): ProviderError {
  const cause = refusal?.cause;
  switch (status) {
    case 'succeeded':
      return makeError('rejected', texts.alreadyTaken, { cause });
    case 'canceled': {
      const why = cancellation === undefined ? '' : ` (${cancellation})`;
      return new ProviderError('rejected', `${textFor(texts.alreadyCanceled, account.language)}${why}`, { cause });
    }
    case 'pending':
      return makeError('rejected', texts.notPaidYet, { cause });
    case 'waitingForCapture':
      return refusal ?? makeError('rejected', texts.held);
  }
}
