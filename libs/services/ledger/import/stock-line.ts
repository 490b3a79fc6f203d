import { IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { BadInputError, getParser } from '#platform';
import { readExactMoney, MoneyError } from '#provider-kit';
import { MOST_UNITS, toExactMillionths } from '#store/port';
import { isKnownStore, type LedgerSettings } from '../ledger.settings.js';

/** Most that one unit may cost. */
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
  /** Code of the shop that `externalId` is of. */
  @IsOptional() @IsString() @MaxLength(255) site?: string;
  /** Code of the warehouse; missing: the settings' main one. */
  @IsOptional() @IsString() @MaxLength(255) store?: string;
  /** Units: the stock (mode `set`) or the change, negative for outgoing (mode `adjust`). */
  @IsOptional() @IsNumber() @Min(-MOST_UNITS) @Max(MOST_UNITS) quantity?: number;
  /** Of one unit. */
  @IsOptional() @IsNumber() @Min(0) @Max(MOST_PRICE) purchasePrice?: number;
}

/** Fields of a line, as columns of a file are named. */
export const LINE_FIELDS = ['id', 'xmlId', 'externalId', 'site', 'store', 'quantity', 'purchasePrice'] as const;

/** A checked line. */
export interface StockLine {
  id?: number;
  xmlId?: string;
  externalId?: string;
  site?: string;
  store: string;
  /** Millionths of a unit. */
  quantity?: number;
  priceMinor?: number;
}

/** By which rules lines are read. */
export interface LineRules {
  mode: 'set' | 'adjust';
  /** Of purchase prices; undefined when neither the caller nor the account names one. */
  currency: string | undefined;
  settings: LedgerSettings;
}

const parser = getParser(StockLineDto);

/** Reads a line. Throws BadInputError naming its fields. */
export function readStockLine(value: unknown, { mode, currency, settings }: LineRules): StockLine {
  const dto = parser.parse(value, 'line');
  const store = dto.store || settings.mainStore;
  const problems: Record<string, string> = {};
  if (dto.id === undefined && !dto.xmlId && !dto.externalId) problems.id = 'is required (or xmlId, or externalId)';
  if (!store) problems.store = 'is required: the settings name no main warehouse';
  else if (!isKnownStore(settings, store)) problems.store = 'is none of the warehouses in the settings';
  if (dto.quantity === undefined && dto.purchasePrice === undefined) problems.quantity = 'is required (or purchasePrice)';
  else if (mode === 'set' && (dto.quantity ?? 0) < 0 && !settings.allowNegative) problems.quantity = 'must be at least 0';
  const quantity = dto.quantity === undefined ? undefined : toExactMillionths(dto.quantity);
  if (dto.quantity !== undefined && quantity === undefined) problems.quantity = 'must have at most 6 digits after the point';
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
    problems.purchasePrice = 'cannot be taken: name its currency, the account has told none';
    return undefined;
  }
  try {
    return readExactMoney(amount, currency).minor;
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    problems.purchasePrice = `cannot be taken: ${error.message}`;
    return undefined;
  }
}

/** What is wrong with a line, in one sentence. */
export function formatProblem(error: BadInputError): string {
  return Object.entries(error.errors)
    .map(([field, problem]) => `${field} ${problem}`)
    .join('; ');
}
