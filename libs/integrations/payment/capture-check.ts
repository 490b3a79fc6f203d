import { Injectable } from '@nestjs/common';
import { CrmError } from '#crm-client';
import { type Connection, CrmClients, isContentRefusal } from '#connections';
import { type Money, toWireAmount, ProviderError } from '#provider-kit';

/** Leaves the gateway a part of the callback's time. */
const ASK_MS = 3_000;

/** What the CRM says of a capture. */
export type Verdict = { allowed: true } | { allowed: false; reason: string };

/** Asks the CRM, before money is taken, whether the invoice still stands (`payment/check`). */
@Injectable()
export class CaptureCheck {
  constructor(private readonly crmClients: CrmClients) {}

  /**
   * Asks the CRM whether to capture; accepts only a clear yes or no.
   * @throws ProviderError when there is no answer: `rejected` for a refused question, `unavailable` otherwise
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
      if (isContentRefusal(error))
        throw new ProviderError(
          'rejected',
          `The CRM does not answer for this invoice (${error.apiMessage ?? 'no reason given'}); nothing was taken, the hold stays.`,
          { cause: error },
        );
      throw new ProviderError(
        'unavailable',
        'The CRM could not be asked whether the invoice still stands; nothing was taken, the hold stays. Try again.',
        { cause: error },
      );
    }
    throw new ProviderError(
      'unavailable',
      'The CRM gave no clear answer whether the invoice still stands; nothing was taken, the hold stays. Try again.',
    );
  }
}
