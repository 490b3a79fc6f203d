import { IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { ProviderError } from '#provider-kit';

class WireErrorBody {
  @IsString() code!: string;
  @IsString() message!: string;
  @IsOptional() @IsObject() fields?: Record<string, string>;
}

/** The body of a refusal. */
export class WireError {
  @ValidateNested() @Type(() => WireErrorBody) error!: WireErrorBody;
}

/** The carrier refused, in its own code and words. Nothing was done. */
export class CarrierError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

/** The callback's fields by the carrier's names. */
const CALLBACK_PATHS: ReadonlyMap<string, string> = new Map([
  ['service', 'delivery.tariff'],
  ['to.country', 'delivery.deliveryAddress.countryIso'],
  ['to.city', 'delivery.deliveryAddress.city'],
  ['to.point', 'delivery.deliveryAddress.terminal'],
  ['recipient.phone', 'customer.phones'],
]);

/** Whether the carrier has an order or a shipment with our reference already. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof CarrierError && error.code === 'duplicate_reference';
}

/** The ProviderError for a refusal, with the callback's field names; other errors unchanged. */
export function explain(error: unknown): unknown {
  if (!(error instanceof CarrierError)) return error;
  const fields = Object.fromEntries(Object.entries(error.fields).map(([name, why]) => [toCallbackPath(name), why]));
  return new ProviderError('rejected', `Fake Carrier: ${error.message}`, Object.keys(fields).length === 0 ? {} : { fields });
}

/** Awaits an answer of the client. Throws ProviderError where the carrier refused. */
export async function explainRefusal<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw explain(error);
  }
}

function toCallbackPath(name: string): string {
  const parcel = /^parcels\[(\d+)\]\.grams$/.exec(name);
  return parcel ? `packages[${parcel[1]}].weight` : (CALLBACK_PATHS.get(name) ?? name);
}
