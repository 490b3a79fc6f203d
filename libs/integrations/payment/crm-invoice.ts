import { type CrmClient, NotFoundError } from '#crm-client';
import { type CrmInvoice, readCrmInvoice } from './payment-differences.js';

/** Milliseconds of a call. */
const CRM_MS = 8_000;

/** Reads the CRM's invoice; undefined if there is none. */
export async function fetchCrmInvoice(crm: CrmClient, invoiceUuid: string): Promise<CrmInvoice | undefined> {
  try {
    const { invoice } = await crm.payments.getInvoice(invoiceUuid, { signal: AbortSignal.timeout(CRM_MS) });
    return readCrmInvoice(invoice);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
