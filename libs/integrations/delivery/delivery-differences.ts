import { toList, toLoose, toNumber, toText } from '#onboarding';
import { type Money, readMoney, toWireAmount } from '#provider-kit';
import type { FoundDifference } from '#reconciliation';
import { advance, type DeliveryFacts, findProblem, isFinal, type Statuses, withStatus } from './delivery-state.js';
import type { CarrierReport } from './port/index.js';

/** Kinds of differences of a delivery, with the effect of a fix. */
export const DELIVERY_DIFFERENCES = {
  'delivery.status': "Applies the provider's report, as a poll does, and sends it to the CRM",
  'delivery.crm-status': 'Sends our status and track number to the CRM again',
  'delivery.crm-missing': 'Deletes the delivery at the provider, as the CRM would',
  'delivery.unknown': 'Marks the delivery as deleted here. The provider is not called',
  'delivery.cost': null,
  'delivery.stock': 'Moves the goods in the warehouse again',
} as const satisfies Record<string, string | null>;

/** The delivery in an order of the CRM. */
export interface CrmDelivery {
  /** Code of the module that the order is delivered by. */
  integrationCode?: string;
  /** The `deliveryId` in our reply. */
  externalId?: string;
  status?: string;
  trackNumber?: string;
  /** In the order's currency. */
  cost?: number;
  currency?: string;
}

/** Our stored state of a delivery. */
export interface HeldDelivery {
  readonly id: string;
  /** The CRM's id for it, by default `id`. */
  readonly crmId?: string;
  /** Id of the order in the CRM. */
  readonly order: string;
  readonly orderNumber: string | null;
  readonly facts: DeliveryFacts;
}

/** The state of a delivery at the other sides. */
export interface DeliverySides {
  /** Missing if the CRM was not queried. */
  readonly crm?: {
    /** Missing: there is no such order. */
    readonly delivery: CrmDelivery | undefined;
    /** Codes that the CRM may use for our module. */
    readonly codes: readonly string[];
  };
  /** The provider's reports, in any order. Empty when it was not queried. */
  readonly reports: readonly CarrierReport[];
  /** The provider's message that it has no such delivery. */
  readonly unknown?: string;
}

/** Reads orders of `orders`, by their ids. Lenient: an order without an id is left out. */
export function readCrmDeliveries(orders: unknown): Map<string, CrmDelivery> {
  return new Map(
    toList(orders).flatMap((one): [string, CrmDelivery][] => {
      const { id, currency, delivery } = toLoose(one);
      const order = toText(id);
      if (order === undefined) return [];
      const { integrationCode, data } = toLoose(delivery);
      const { externalId, status, trackNumber, cost } = toLoose(data);
      const texts = Object.entries({ integrationCode, externalId, status, trackNumber, currency }).flatMap(([name, value]) => {
        const text = toText(value);
        return text === undefined ? [] : [[name, text] as const];
      });
      const amount = toNumber(cost);
      return [[order, { ...Object.fromEntries(texts), ...(amount !== undefined && { cost: amount }) }]];
    }),
  );
}

/**
 * Compares our state of a delivery with the state at the CRM and the provider. Pure. `now` as for reports.
 */
export function findDeliveryDifferences(held: HeldDelivery, sides: DeliverySides, manifest: Statuses, now: Date): FoundDifference[] {
  const { facts } = held;
  const find = (kind: keyof typeof DELIVERY_DIFFERENCES, text: string, said: object): FoundDifference => ({
    ...{ kind, subject: held.id },
    text: `Delivery of order ${held.orderNumber ?? held.order}: ${text}`,
    facts: { order: held.order, ...said },
  });
  const ended = isFinal(manifest, facts.status);
  if (sides.unknown !== undefined && !ended)
    return [
      find('delivery.unknown', `the provider does not know it (${sides.unknown}); here it is ${facts.status}.`, { held: show(facts) }),
    ];
  const found: FoundDifference[] = [];
  const told = applyReports(facts, sides.reports, manifest, now);
  if (told.status !== facts.status || told.trackNumber !== facts.trackNumber)
    found.push(
      find('delivery.status', `the provider says ${describe(told)}, here it is ${describe(facts)}.`, {
        held: show(facts),
        provider: pickShown(told),
      }),
    );
  const { crm } = sides;
  if (crm) {
    const { delivery } = crm;
    if (!delivery || !isOurs(delivery, held.crmId ?? held.id, crm.codes)) {
      const why = delivery ? 'the order has no such delivery any more' : 'the CRM no longer has this order';
      if (!ended && !isFinal(manifest, told.status))
        found.push(find('delivery.crm-missing', `${why}; here it is ${facts.status}.`, { held: show(facts), crm: why }));
    } else if (delivery.status !== facts.status || (facts.trackNumber !== undefined && delivery.trackNumber !== facts.trackNumber)) {
      const { status, trackNumber } = delivery;
      const shown = { ...(status !== undefined && { status }), ...(trackNumber !== undefined && { trackNumber }) };
      found.push(
        find('delivery.crm-status', `the CRM shows ${describe(shown)}, here it is ${describe(facts)}.`, { held: show(facts), crm: shown }),
      );
    }
  }
  const costs = compareCosts(
    facts.cost,
    told.cost,
    crm?.delivery && isOurs(crm.delivery, held.crmId ?? held.id, crm.codes) ? crm.delivery : undefined,
  );
  if (costs)
    found.push(
      find(
        'delivery.cost',
        `the cost is ${Object.entries(costs)
          .map(([side, cost]) => `${cost} (${side})`)
          .join(', ')}.`,
        costs,
      ),
    );
  return found;
}

/** Returns the facts after applying these reports. */
function applyReports(facts: DeliveryFacts, reports: readonly CarrierReport[], manifest: Statuses, now: Date): DeliveryFacts {
  return reports
    .filter((report) => report.code === undefined || findProblem(report, manifest) === undefined)
    .toSorted((left, right) => left.updatedAt.getTime() - right.updatedAt.getTime())
    .reduce((before, report) => advance(before, withStatus(report, before), manifest, now).facts, facts);
}

/**
 * Whether an order's delivery is this one. If the CRM does not return its id, module and any sign of life
 * count: it keeps the module's code on an order whose delivery was removed.
 */
function isOurs({ integrationCode, externalId, status, trackNumber }: CrmDelivery, id: string, codes: readonly string[]): boolean {
  if (externalId !== undefined) return externalId === id;
  return integrationCode !== undefined && codes.includes(integrationCode) && (status !== undefined || trackNumber !== undefined);
}

function compareCosts(
  held: Money | undefined,
  provider: Money | undefined,
  crm: CrmDelivery | undefined,
): Record<string, string> | undefined {
  if (!held) return undefined;
  const differs = (other: Money | undefined): other is Money =>
    other !== undefined && (other.minor !== held.minor || other.currency !== held.currency);
  const isComparable = crm?.cost !== undefined && (crm.currency === undefined || crm.currency === held.currency);
  const shown = isComparable ? readMoney(crm.cost ?? 0, held.currency) : undefined;
  if (!differs(provider) && !differs(shown)) return undefined;
  return {
    held: format(held),
    ...(differs(provider) && { provider: format(provider) }),
    ...(differs(shown) && { crm: format(shown) }),
  };
}

function format(amount: Money): string {
  return `${toWireAmount(amount)} ${amount.currency}`;
}

function show(facts: DeliveryFacts): object {
  return { ...pickShown(facts), statusAt: facts.statusAt.toISOString() };
}

/** Without the time: a provider may date at the time of the request a status that it cannot date. */
function pickShown({ status, trackNumber }: DeliveryFacts): object {
  return { status, ...(trackNumber !== undefined && { trackNumber }) };
}

function describe({ status = 'no status', trackNumber }: { status?: string; trackNumber?: string }): string {
  return trackNumber === undefined ? status : `${status} with the track number ${trackNumber}`;
}
