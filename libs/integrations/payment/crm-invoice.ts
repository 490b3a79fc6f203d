import { type CrmClient, NotFoundError } from '#crm-client';
import { type CrmInvoice, readCrmInvoice } from './payment-differences.js';

/** Timeout of a call in milliseconds. */
const CRM_MS = 8_000;

/** Reads the CRM's invoice. Returns undefined if the CRM has no such invoice. */
export async function fetchCrmInvoice(crm: CrmClient, invoiceUuid: string): Promise<CrmInvoice | undefined> {
  try {
    const { invoice } = await crm.payments.getInvoice(invoiceUuid, { signal: AbortSignal.timeout(CRM_MS) });
    return readCrmInvoice(invoice);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
