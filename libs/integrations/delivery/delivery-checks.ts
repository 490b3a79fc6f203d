import { BadInputError, fillIn } from '#platform';
import { makeFieldError, type Money, ProviderError, toWireAmount } from '#provider-kit';
import { texts } from './delivery.texts.js';
import type { CodLimit, DeliveryManifest, PayerType, SaveRequest } from './port/index.js';

type Manifest = Pick<DeliveryManifest<object>, 'payerTypes' | 'statuses' | 'codLimits'>;

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

/** Returns the lowest limit that an amount to collect exceeds. `country`: the recipient's. */
export function findExceededLimit(
  { codLimits = [] }: Pick<Manifest, 'codLimits'>,
  country: string | undefined,
  cod: Money | undefined,
): CodLimit | undefined {
  if (!cod) return undefined;
  return codLimits
    .filter((limit) => limit.currency === cod.currency && (limit.country ?? country) === country && cod.minor > limit.max)
    .toSorted((left, right) => left.max - right.max)[0];
}

/** Throws ProviderError `invalid` that contains the limit which the amount to collect exceeds. */
export function assertCollectable(manifest: Manifest, { to, collect }: Pick<SaveRequest, 'to' | 'collect'>): void {
  const limit = findExceededLimit(manifest, to?.countryIso, collect && { minor: collect.total, currency: collect.currency });
  if (!limit) return;
  const amount = `${toWireAmount({ minor: limit.max, currency: limit.currency })} ${limit.currency}`;
  throw makeFieldError('delivery.cod', fillIn(texts.codOverLimit, { limit: amount }), fillIn(texts.codAtMost, { limit: amount }));
}
