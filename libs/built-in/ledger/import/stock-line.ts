import { IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { BadInputError, getParser } from '#platform';
import { readExactMoney, MoneyError } from '#provider-kit';
import { MOST_UNITS, toExactMillionths } from '#inventory/port';
import { isKnownStore, type LedgerSettings } from '../ledger.settings.js';

/** Maximum price per unit. */
const MOST_PRICE = 1_000_000_000_000;

/**
 * An import line or single change: an offer (`id`, `xmlId` or `externalId` of `site`), warehouse, quantity,
 * price.
 */
export class StockLineDto {
  /** Id in the CRM. */
  @IsOptional() @IsInt() @Min(1) id?: number;
  @IsOptional() @IsString() @MaxLength(255) xmlId?: string;
  @IsOptional() @IsString() @MaxLength(255) externalId?: string;
  /** Code of the shop that `externalId` belongs to. */
  @IsOptional() @IsString() @MaxLength(255) site?: string;
  /** Code of the warehouse. Missing: the main one in the settings. */
  @IsOptional() @IsString() @MaxLength(255) store?: string;
  /** Units: the stock (mode `set`) or the change, negative for outgoing (mode `adjust`). */
  @IsOptional() @IsNumber() @Min(-MOST_UNITS) @Max(MOST_UNITS) quantity?: number;
  /** Price per unit. */
  @IsOptional() @IsNumber() @Min(0) @Max(MOST_PRICE) purchasePrice?: number;
}

/** Fields of a line, named like the columns of a file. */
export const LINE_FIELDS = ['id', 'xmlId', 'externalId', 'site', 'store', 'quantity', 'purchasePrice'] as const;

/** A checked line. */
export interface StockLine {
  id?: number;
  xmlId?: string;
  externalId?: string;
  site?: string;
  store: string;
  /** In millionths of a unit. */
  quantity?: number;
  priceMinor?: number;
}

/** Rules for reading lines. */
export interface LineRules {
  mode: 'set' | 'adjust';
  /** Currency of purchase prices. Undefined if neither the caller nor the account has one. */
  currency: string | undefined;
  settings: LedgerSettings;
}

const parser = getParser(StockLineDto);

/** Reads a line. Throws BadInputError with its fields. */
export function readStockLine(value: unknown, { mode, currency, settings }: LineRules): StockLine {
  const dto = parser.parse(value, 'line');
  const store = dto.store || settings.mainStore;
  const problems: Record<string, string> = {};
  if (dto.id === undefined && !dto.xmlId && !dto.externalId) problems.id = 'is required (or xmlId, or externalId)';
  if (!store) problems.store = 'is required, because the settings have no main warehouse';
  else if (!isKnownStore(settings, store)) problems.store = 'is not one of the warehouses in the settings';
  if (dto.quantity === undefined && dto.purchasePrice === undefined) problems.quantity = 'is required (or purchasePrice)';
  else if (mode === 'set' && (dto.quantity ?? 0) < 0 && !settings.allowNegative) problems.quantity = 'must be at least 0';
  const quantity = dto.quantity === undefined ? undefined : toExactMillionths(dto.quantity);
  if (dto.quantity !== undefined && quantity === undefined) problems.quantity = 'must have at most 6 decimals';
  const priceMinor = dto.purchasePrice === undefined ? undefined : readPrice(dto.purchasePrice, currency, problems);
  if (Object.keys(problems).length > 0) throw new BadInputError(problems);
  return {
    ...(dto.id !== undefined && { id: dto.id }),
    ...(dto.xmlId && { xmlId: dto.xmlId }),
    ...(dto.externalId && { externalId: dto.externalId }),
    ...(dto.site && { site: dto.site }),
    store: store ?? '',
    ...(quantity !== undefined && { quantity }),
    ...(priceMinor !== undefined && { priceMinor }),
  };
}

function readPrice(amount: number, currency: string | undefined, problems: Record<string, string>): number | undefined {
  if (currency === undefined) {
    problems.purchasePrice = 'must have a currency, because the account has none';
    return undefined;
  }
  try {
    return readExactMoney(amount, currency).minor;
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    problems.purchasePrice = `is invalid: ${error.message}`;
    return undefined;
  }
}

/** Describes a line's problem in one sentence. */
export function formatProblem(error: BadInputError): string {
  return Object.entries(error.errors)
    .map(([field, problem]) => `${field} ${problem}`)
    .join('; ');
}
