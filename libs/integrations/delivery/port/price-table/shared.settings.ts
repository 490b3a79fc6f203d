import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Field, type Language } from '#platform/plain';
import { texts } from '../port.texts.js';

/** Format of codes of zones, tariffs and other things that the CRM's fields and labels show. */
export const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
/** Validation message for other codes. */
export const NO_CODE = { message: 'must be at most 40 Latin letters, digits, dashes and underscores' };

/** A text shown to the account's users, in at least one language. */
export class TranslatedText {
  @Field({ ...texts.text.en, language: 'en' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  en?: string;

  @Field({ ...texts.text.es, language: 'es' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  es?: string;

  @Field({ ...texts.text.ru, language: 'ru' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  ru?: string;
}

/**
 * Returns the text in a language, or in another if it was not translated. Returns undefined if it is empty.
 */
export function readText(text: TranslatedText, language: Language): string | undefined {
  const words: Readonly<Record<string, string | undefined>> = { ...text };
  return [words[language], text.en, text.es, text.ru].find((text) => text !== undefined && text !== '');
}

/** Maximum weight and sides of one package. Sides are compared sorted, because a package can be turned. */
export class ParcelLimits {
  /** In grams. The larger of real and volumetric weight counts. */
  @Field({ ...texts.parcelLimits.maxWeight, unit: texts.units.grams })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxWeight: number = 50_000;

  /** Longest side, in millimetres. */
  @Field({ ...texts.parcelLimits.maxLength, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxLength?: number;

  /** Middle side, in millimetres. */
  @Field({ ...texts.parcelLimits.maxWidth, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxWidth?: number;

  /** Shortest side, in millimetres. */
  @Field({ ...texts.parcelLimits.maxHeight, unit: texts.units.millimetres })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxHeight?: number;
}
