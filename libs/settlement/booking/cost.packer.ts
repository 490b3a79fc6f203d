import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import type { OutboxEntry, OutboxPacker, WaitingEntry } from '#outbox';
import { readMoney, toMoney, toWireAmount } from '#provider-kit';
import type { BookingEntity } from './booking.entity.js';
import { BookingSettings } from './booking-settings.js';
import { Bookings, nameFee, nameService } from './bookings.js';
import { COST } from './kinds.js';

/**
 * Enters fees as costs of their orders (`costs/upload`), 50 in a call. The costs of these orders are read
 * before: a known one, by the id in its comment, is edited if its amount differs, and never made again. A fee
 * that a corrected register lost is not entered.
 */
@Injectable()
export class CostPacker implements OutboxPacker<object> {
  readonly kind = COST;
  readonly maxSubjects = 50;
  readonly lingerMs = 1_000;
  readonly sendsPresent = true;

  constructor(
    private readonly bookings: Bookings,
    private readonly settings: BookingSettings,
  ) {}

  async overdue(connection: Connection, entries: WaitingEntry<object>[]): Promise<ReadonlySet<string>> {
    const { costItem } = await this.settings.read(connection.id);
    return new Set(costItem === null ? entries.map(({ id }) => id) : []);
  }

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<object>[], signal: AbortSignal): Promise<void> {
    const { costItem } = await this.settings.read(connection.id);
    const lines = await this.bookings.load(connection.id, entries);
    // Switched off since it was checked: the next check drops the rows.
    if (costItem === null || lines.length === 0) return;
    const known = await readCosts(crm, lines, signal);
    const lost = await this.bookings.listLost(lines);
    const present = lines.filter(({ id }) => !lost.has(id));
    for (const line of present) {
      const cost = known.get(line.id);
      if (!cost || cost.summ === toSum(line)) continue;
      await crm.costs.edit(cost.id, { cost: { summ: toSum(line) } }, { signal });
    }
    const missing = present.filter(({ id }) => !known.has(id));
    const costs = missing.map((line) => ({
      ...{ costItem, dateFrom: line.day, dateTo: line.day, summ: toSum(line), order: { id: Number(line.order) } },
      comment: describeLine(line, connection),
    }));
    if (costs.length > 0) await crm.costs.costsUpload({ costs }, { signal });
    await this.bookings.markSent(present);
    const ended = lines.filter(({ id }) => lost.has(id)).map((line) => ({ id: line.id, minor: readSum(line, known.get(line.id)) }));
    if (ended.length > 0) await this.bookings.endLost(ended);
  }
}

/** A cost in the CRM. */
interface KnownCost {
  readonly id: number;
  readonly summ: number | undefined;
}

/** Returns the costs of these lines that the CRM has, by the lines' ids. */
async function readCosts(crm: CrmClient, lines: readonly BookingEntity[], signal: AbortSignal): Promise<Map<string, KnownCost>> {
  const ids = new Set(lines.map(({ id }) => id));
  const orderIds = [...new Set(lines.map(({ order }) => Number(order)))];
  const known = new Map<string, KnownCost>();
  for await (const { id, comment, summ } of crm.exact.costs.listAll({ filter: { orderIds } }, { signal })) {
    const key = /#([0-9a-f-]{36})$/.exec(comment ?? '')?.[1];
    if (key !== undefined && id != null && ids.has(key)) known.set(key, { id, summ: summ ?? undefined });
  }
  return known;
}

function toSum({ amountMinor, currency }: BookingEntity): number {
  return toWireAmount(toMoney(Number(amountMinor), currency));
}

/** Returns the minor units of a cost that the CRM has. Undefined: the CRM does not have it. */
function readSum({ amountMinor, currency }: BookingEntity, known: KnownCost | undefined): number | undefined {
  return known && (known.summ === undefined ? Number(amountMinor) : readMoney(known.summ, currency).minor);
}

/** The comment of a cost, in the account's language: the service, the fee and the line's id. */
function describeLine({ id, code, provider }: BookingEntity, connection: Connection): string {
  return `${nameService(connection, provider)}: ${nameFee(connection, code)} #${id}`;
}
