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

/** The warehouse refused, in its own code and words. Nothing was done. */
export class WarehouseError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

/** Makes the ProviderError for a refusal; other errors unchanged. `fields` are by the callback's paths. */
export function explain(error: unknown, fields?: Record<string, string>): unknown {
  if (!(error instanceof WarehouseError)) return error;
  return new ProviderError('rejected', `Fake Warehouse: ${error.message}`, fields ? { fields } : {});
}
