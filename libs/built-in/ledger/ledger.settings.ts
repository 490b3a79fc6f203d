import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Field, type FormSection } from '#platform';
import { texts } from './ledger.texts.js';

/** Maximum number of warehouses, the reference's limit of stocks for an offer. */
export const MOST_STORES = 500;

/** A warehouse in the CRM's account. */
export class LedgerStore {
  @Field({ ...texts.store.code, lookup: 'stores' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  code!: string;

  @Field(texts.store.counts)
  @IsIn(['quantity', 'presence'])
  counts: 'quantity' | 'presence' = 'quantity';
}

const STOCK: FormSection = { code: 'stock', title: texts.sections.stock.title };
const CALLS: FormSection = { code: 'calls', title: texts.sections.calls.title };

/** Settings of a connection of the stock ledger. */
export class LedgerSettings {
  @Field({ ...texts.settings.allowNegative, section: STOCK })
  @IsBoolean()
  allowNegative: boolean = false;

  @Field({ ...texts.settings.stores, section: STOCK })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_STORES)
  @ValidateNested({ each: true })
  @Type(() => LedgerStore)
  stores: LedgerStore[] = [];

  @Field({ ...texts.settings.mainStore, lookup: 'stores', section: STOCK })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  mainStore?: string;

  @Field({ ...texts.settings.uploadCallPoints, hint: texts.unknownCallPoints, section: CALLS })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  uploadCallPoints: string[] = [];

  @Field({ ...texts.settings.actualizeCallPoints, hint: texts.unknownCallPoints, section: CALLS })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  actualizeCallPoints: string[] = [];
}

/** Checks that warehouse codes are unique, and that the main warehouse is listed. */
export function checkLedgerSettings(settings: LedgerSettings): Record<string, string> {
  const codes = settings.stores.map((store) => store.code);
  const problems: Record<string, string> = {};
  codes.forEach((code, index) => {
    if (codes.indexOf(code) !== index) problems[`stores[${index}].code`] = 'is also the code of another warehouse';
  });
  if (settings.mainStore && codes.length > 0 && !codes.includes(settings.mainStore))
    problems.mainStore = 'must be one of the warehouses above';
  return problems;
}

/** Whether the ledger may have stock in a warehouse. */
export function isKnownStore(settings: LedgerSettings, code: string): boolean {
  return settings.stores.length === 0 || settings.stores.some((store) => store.code === code);
}
