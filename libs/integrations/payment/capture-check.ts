import { Injectable } from '@nestjs/common';
import { CrmError } from '#crm-client';
import { type Connection, CrmClients, isContentRejection } from '#connections';
import { type Money, toWireAmount, ProviderError } from '#provider-kit';

/** Leaves the gateway a share of the callback's time. */
const ASK_MS = 3_000;

/** The CRM's decision on a capture. */
export type Verdict = { allowed: true } | { allowed: false; reason: string };

/** Checks with the CRM that the invoice is still valid before money is taken (`payment/check`). */
@Injectable()
export class CaptureCheck {
  constructor(private readonly crmClients: CrmClients) {}

  /**
   * Returns whether the CRM allows the capture. Accepts only a clear yes or no.
   * @throws ProviderError if there is no such reply: `rejected` if the CRM rejected the request,
   * `unavailable` otherwise
   */
  async ask(connection: Connection, invoiceUuid: string, amount: Money): Promise<Verdict> {
    const crm = await this.crmClients.crmFor(connection.id, 'interactive', connection);
    try {
      const { result } = await crm.exact.payments.check(
        { check: { invoiceUuid, amount: toWireAmount(amount), currency: amount.currency } },
        { signal: AbortSignal.timeout(ASK_MS) },
      );
      if (result?.success === true) return { allowed: true };
      if (result?.success === false) return { allowed: false, reason: result.errorMsg || 'The CRM does not confirm this payment.' };
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      if (isContentRejection(error))
        throw new ProviderError(
          'rejected',
          `The CRM rejected the check of this invoice (${error.apiMessage ?? 'no reason given'}). Nothing was captured, and the hold stays.`,
          { cause: error },
        );
      throw new ProviderError(
        'unavailable',
        'Could not check with the CRM whether the invoice is still valid. Nothing was captured, and the hold stays. Try again.',
        { cause: error },
      );
    }
    throw new ProviderError(
      'unavailable',
      'The CRM did not confirm whether the invoice is still valid. Nothing was captured, and the hold stays. Try again.',
    );
  }
}
