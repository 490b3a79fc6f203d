import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { BadInputError } from '#platform';
import type { Address, Decision } from '../port/index.js';
import { TIME } from './callback.dto.js';

const DAY = /^\d{4}-\d\d-\d\d$/;
const NOT_DAY = { message: 'must be a date like 2026-11-24' };

/** A decision about a delivery that the carrier has. */
export class DecisionDto {
  /**
   * `deliver`: on another day, or to another address. `keep`: longer at the point. `return`: to the shop.
   * `clientReturn`: from the buyer, after the delivery.
   */
  @IsIn(['deliver', 'keep', 'return', 'clientReturn']) kind!: Decision['kind'];
  /** The day of the delivery, or the last day of keeping. */
  @IsOptional() @Matches(DAY, NOT_DAY) date?: string;
  /** `HH:MM`. */
  @IsOptional() @Matches(TIME) from?: string;
  @IsOptional() @Matches(TIME) to?: string;
  /** Code of another pickup point. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) point?: string;
  /** Another address: street, house and flat in one line. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) address?: string;
  /** By default the city of the delivery. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) city?: string;
}

/** Reads a decision about a delivery to `present`. Throws BadInputError without a day that it needs. */
export function toDecision({ kind, date, from, to, point, address, city }: DecisionDto, present: Address = {}): Decision {
  if (kind === 'return' || kind === 'clientReturn') return { kind };
  if (date === undefined) throw new BadInputError({ date: 'is required' });
  if (kind === 'keep') return { kind, until: date };
  const { countryIso, region, index } = present;
  const home = { ...(countryIso && { countryIso }), ...(city === undefined && { ...(region && { region }), ...(index && { index }) }) };
  const town = city ?? present.city;
  return {
    ...{ kind, date },
    ...((from !== undefined || to !== undefined) && { time: { ...(from && { from }), ...(to && { to }) } }),
    ...(point !== undefined && { to: { ...(countryIso && { countryIso }), terminal: point } }),
    ...(address !== undefined && point === undefined && { to: { ...home, ...(town && { city: town }), text: address } }),
  };
}
