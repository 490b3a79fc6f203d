import { BadInputError } from '#platform';
import { ProviderError } from '#provider-kit';
import type { DeliveryManifest, PayerType } from './port/index.js';

type Manifest = Pick<DeliveryManifest<object>, 'payerTypes' | 'statuses'>;

/** Throws BadInputError naming `path` for a payer that the module is not registered with. */
export function assertPayerType({ payerTypes }: Manifest, payerType: PayerType | undefined, path: string): void {
  if (payerType && !payerTypes.includes(payerType)) throw new BadInputError({ [path]: `must be one of: ${payerTypes.join(', ')}` });
}

/** Throws ProviderError `rejected` if a delivery cannot be changed in its status. */
export function assertEditable({ statuses }: Manifest, code: string): void {
  const status = statuses.find((one) => one.code === code);
  if (status?.isEditable) return;
  throw new ProviderError('rejected', `The delivery cannot be changed in its status "${status?.name.en ?? code}".`);
}
