import { IsNotEmpty, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { BadInputError, INSTANT, INSTANT_MESSAGE, isUuid, readMoment } from '#platform';
import { readMoney } from '#provider-kit';
import type { StatusReport } from '../port/index.js';
import { readDispatched } from '../reported.js';

/** Matches an instant with a time zone. */
const HAS_ZONE = /(Z|[+-]\d{2}(:?\d{2})?)$/;

/** One status as a dispatcher's own system reports it. */
export class StatusReportDto {
  @IsString() @IsNotEmpty() deliveryId!: string;
  /** A code of the provider's status list. */
  @IsString() @IsNotEmpty() code!: string;
  /** ISO 8601, without a zone in the account's own. By default now. */
  @IsOptional() @Matches(INSTANT, INSTANT_MESSAGE) updatedAt?: string;
  @IsOptional() @IsString() @MaxLength(2000) comment?: string;
  /** In the delivery's currency. */
  @IsOptional() @IsNumber() @Min(0) @Max(1e11) cost?: number;
  @IsOptional() @IsString() @MaxLength(255) trackNumber?: string;
}

/** Currency and time zone for the amounts and times of a delivery's reports. */
export interface DeliveryHome {
  currency?: string;
  timeZone?: string;
}

/** Lists the deliveries whose reports cannot be read without their home; `items` are unparsed. */
export function listHomeless(items: readonly unknown[]): string[] {
  return items.flatMap((item) => {
    const { deliveryId, cost, updatedAt } = (item ?? {}) as Record<keyof StatusReportDto, unknown>;
    const needsHome = cost !== undefined || (typeof updatedAt === 'string' && !HAS_ZONE.test(updatedAt));
    return needsHome && typeof deliveryId === 'string' && isUuid(deliveryId) ? [deliveryId] : [];
  });
}

/** Converts a parsed report. Throws BadInputError for an invalid time, or a cost in an unknown currency. */
export function toStatusReport(dto: StatusReportDto, { currency, timeZone }: DeliveryHome = {}): StatusReport {
  // The id is checked with the rest. A cost without a currency cannot be kept.
  if (dto.cost !== undefined && !currency && isUuid(dto.deliveryId))
    throw new BadInputError({ cost: 'cannot be taken: the delivery is not known or has no currency' });
  return {
    code: dto.code,
    ...(dto.updatedAt && { updatedAt: readMoment(dto.updatedAt, timeZone) }),
    ...(dto.comment && { comment: dto.comment }),
    ...readDispatched(dto, dto.cost !== undefined && currency ? readMoney(dto.cost, currency) : undefined),
  };
}
