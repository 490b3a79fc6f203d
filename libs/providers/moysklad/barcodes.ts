import { IsOptional, IsString } from 'class-validator';

/** A barcode: an object with one of these names. */
export class WireBarcode {
  @IsOptional() @IsString() ean13?: string;
  @IsOptional() @IsString() ean8?: string;
  @IsOptional() @IsString() code128?: string;
  @IsOptional() @IsString() gtin?: string;
  @IsOptional() @IsString() upc?: string;
}

/** The codes of a barcode: one. */
export function listBarcodes({ ean13, ean8, code128, gtin, upc }: WireBarcode): string[] {
  return [ean13, ean8, code128, gtin, upc].filter((one) => one !== undefined);
}
