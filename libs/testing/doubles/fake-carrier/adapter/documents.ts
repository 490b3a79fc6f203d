import type { PrintRequest } from '#delivery/port';
import { ProviderError } from '#provider-kit';
import type { FakeCarrierClient } from './fake-carrier.client.js';
import { explainRefusal } from './fake-carrier.errors.js';
import type { FakeCarrierContext } from './fake-carrier.settings.js';

/** Prints a form: a PDF with a page for each order or shipment, in the order given. Throws ProviderError. */
export async function print(client: FakeCarrierClient, request: PrintRequest, context: FakeCarrierContext): Promise<Uint8Array> {
  const [form, printed] = request.entity === 'order' ? (['label', request.deliveries] as const) : (['act', request.shipments] as const);
  if (request.form !== form) throw new ProviderError('invalid', `Fake Carrier has no form ${request.form}`);
  const { bytes } = await explainRefusal(
    client.send(
      {
        method: 'POST',
        path: '/v1/documents',
        json: { form, ids: printed.map(({ externalId }) => externalId) },
        headers: { accept: 'application/pdf' },
        // Printing twice makes two documents, which does no harm.
        effect: false,
      },
      context,
    ),
  );
  if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-')
    throw new ProviderError('unavailable', 'Fake Carrier gave a form that is not a PDF');
  return bytes;
}
