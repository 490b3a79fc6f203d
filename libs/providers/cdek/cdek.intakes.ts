import { sha256Hex } from '#platform';
import { ProviderError } from '#provider-kit';
import type { ExistingShipment, SavedShipment, ShipmentRequest } from '#delivery/port';
import type { CdekClient } from './cdek.client.js';
import type { CdekContext } from './cdek.settings.js';
import type { CdekDirectory } from './cdek.directory.js';
import { explain, explained, isIntakeThere, isNotFound, refusalOf } from './cdek.errors.js';
import { isInvalid, isPending, markOf, toIntakeRequest } from './cdek.mapper.js';
import { problem, texts } from './cdek.texts.js';
import { lookUntil } from './cdek.waiting.js';
import type { CdekIntakeReply, CdekIntakeRequest, CdekRequest } from './cdek.wire.js';

/** Codes of the shipment's data fields. */
export const SHIPMENT_FIELD = { needCall: 'needCall', intake: 'intake', number: 'intakeNumber' } as const;

/** How long it is remembered which visit stands for a shipment. */
const REMEMBERED = { ttlSeconds: 40 * 86_400 };

/** The visit last ordered for a shipment, and what was ordered. */
interface Memo {
  uuid: string;
  digest: string;
}

/**
 * Visits of CDEK's courier, the CRM's shipments. CDEK can neither change a visit nor find one by our reference, so which visit stands for a shipment is kept twice: with the
 * shipment (data field `intake`), and in the cache as soon as CDEK has answered. A reply that was lost is looked for among the visits of the order, by our reference in the
 * comment. The shipment's own id is that of its first visit and does not change.
 */
export class CdekIntakes {
  constructor(
    private readonly client: CdekClient,
    private readonly directory: CdekDirectory,
  ) {}

  async save(request: ShipmentRequest, context: CdekContext, existing?: ExistingShipment): Promise<SavedShipment> {
    const wanted = await this.wire(request, context);
    const { reference } = request;
    if (existing === undefined) {
      const memo = await memoOf(reference, null, context);
      const visit = memo && (await this.settled(memo.uuid, context));
      return savedOf(visit ?? (await this.create(reference, wanted, context)));
    }
    const before = await this.wire(existing.request, context).catch(() => undefined);
    const olds = await this.visitsOf(existing, before, context);
    const made =
      (await this.alreadyMade(olds, wanted, request, context)) ?? (await this.replaced(olds, before, wanted, reference, context));
    for (const { uuid } of olds) if (uuid !== made.entity.uuid) await this.remove(uuid, context);
    return { ...savedOf(made), externalId: existing.externalId };
  }

  /** The visit of a shipment by our reference; `request` names the order among whose visits it is looked for when nothing is remembered. */
  async find(reference: string, context: CdekContext, request?: ShipmentRequest): Promise<SavedShipment | undefined> {
    const memo = await memoOf(reference, null, context);
    const visit = memo ? await this.visit(memo.uuid, context) : await this.amongOrders(reference, [], request, context);
    if (visit === undefined) return undefined;
    if (isPending(creationOf(visit))) throw problem('unavailable', texts.visitBeingChecked, context);
    return savedOf(visit);
  }

  async cancel(shipment: ExistingShipment, context: CdekContext): Promise<void> {
    for (const { uuid } of await this.visitsOf(shipment, undefined, context)) await this.remove(uuid, context);
  }

  private async wire(request: ShipmentRequest, context: CdekContext): Promise<CdekIntakeRequest> {
    return toIntakeRequest(request, await this.directory.originOf(request.address, context), context);
  }

  /** The visit last ordered for a shipment, and the one stored with it when that is another: a change that broke off left both. */
  private async visitsOf(
    { externalId, extraData, request }: ExistingShipment,
    before: CdekIntakeRequest | undefined,
    context: CdekContext,
  ): Promise<Memo[]> {
    const stored = extraData[SHIPMENT_FIELD.intake];
    const own: Memo = { uuid: typeof stored === 'string' ? stored : externalId, digest: before ? digestOf(before) : '' };
    const memo = (await memoOf(request.reference, own, context)) ?? own;
    return memo.uuid === own.uuid ? [{ ...own, ...(own.digest === '' && memo) }] : [memo, own];
  }

  /** What is wanted stands already: nothing changed, or a change that broke off had come so far. */
  private async alreadyMade(
    olds: Memo[],
    wanted: CdekIntakeRequest,
    request: ShipmentRequest,
    context: CdekContext,
  ): Promise<CdekIntakeReply | undefined> {
    const same = olds.find(({ digest }) => digest === digestOf(wanted));
    if (same) return this.settled(same.uuid, context);
    const known = olds.map(({ uuid }) => uuid);
    return this.amongOrders(request.reference, known, request, context);
  }

  /**
   * Orders the visit that is wanted. Where CDEK takes it beside the old one (another day, another address), there is one at any moment. It takes only one a day to
   * an address: then the old one makes room, and is ordered again when the new one cannot be.
   */
  private async replaced(
    olds: readonly Memo[],
    before: CdekIntakeRequest | undefined,
    wanted: CdekIntakeRequest,
    reference: string,
    context: CdekContext,
  ): Promise<CdekIntakeReply> {
    try {
      return await this.create(reference, wanted, context);
    } catch (error) {
      if (!(error instanceof ProviderError) || !isIntakeThere(error.cause)) throw error;
      const standing = (await Promise.all(olds.map(({ uuid }) => this.visit(uuid, context)))).some((visit) => visit !== undefined);
      if (!standing) throw error;
    }
    for (const { uuid } of olds) await this.remove(uuid, context);
    try {
      return await this.create(reference, wanted, context);
    } catch (error) {
      // Surely not made: the shop is not left without the visit it had.
      if (before !== undefined && !(error instanceof ProviderError && error.kind === 'unknown_outcome')) {
        await this.create(reference, before, { ...context, signal: AbortSignal.timeout(RESTORING_MS) });
      }
      throw error;
    }
  }

  /** Orders a visit and waits until CDEK has checked it. Throws `unknown_outcome` when it has not by then: `find` tells later. */
  private async create(reference: string, wanted: CdekIntakeRequest, context: CdekContext): Promise<CdekIntakeReply> {
    const { entity, requests = [] } = await explained(this.client.createIntake(wanted, context));
    const refused = requests.find(isInvalid);
    if (refused) throw explain(refusalOf(refused));
    await remember(reference, { uuid: entity.uuid, digest: digestOf(wanted) }, context);
    const visit = await lookUntil(
      () => this.client.intake(entity.uuid, context),
      (seen) => !isPending(creationOf(seen)),
      context,
    );
    const creation = visit && creationOf(visit);
    if (visit === undefined || isPending(creation)) throw problem('unknown_outcome', texts.visitBeingChecked, context);
    if (isInvalid(creation)) {
      await context.cache.forget(keyOf(reference));
      throw explain(refusalOf(creation as CdekRequest));
    }
    return visit;
  }

  /** A visit that stands and was checked. Throws `unknown_outcome` while it is being checked. */
  private async settled(uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
    const visit = await this.visit(uuid, context);
    if (visit && isPending(creationOf(visit))) throw problem('unknown_outcome', texts.visitBeingChecked, context);
    return visit;
  }

  /** Withdraws a visit; one that is not there is withdrawn. */
  private async remove(uuid: string, context: CdekContext): Promise<void> {
    if ((await this.visit(uuid, context)) === undefined) return;
    try {
      const { requests = [] } = await this.client.deleteIntake(uuid, context);
      const refused = requests.find(isInvalid);
      if (refused) throw refusalOf(refused);
    } catch (error) {
      if (isNotFound(error)) return;
      throw explain(error);
    }
    const left = await lookUntil(
      async () => ({ visit: await this.visit(uuid, context) }),
      ({ visit }) => visit === undefined || isInvalid(deletionOf(visit)),
      context,
    );
    const deletion = left?.visit && deletionOf(left.visit);
    if (isInvalid(deletion)) throw explain(refusalOf(deletion as CdekRequest));
    if (left === undefined || left.visit !== undefined) throw problem('unknown_outcome', texts.visitNotWithdrawn, context);
  }

  /** A visit that stands; undefined when there is none, or it was refused or withdrawn. */
  private async visit(uuid: string, context: CdekContext): Promise<CdekIntakeReply | undefined> {
    try {
      const reply = await this.client.intake(uuid, context);
      return isStanding(reply) ? reply : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw explain(error);
    }
  }

  /** The visit of a single order that bears our reference and is not one of those known. Visits for several orders are not listed anywhere. */
  private async amongOrders(
    reference: string,
    known: readonly string[],
    request: ShipmentRequest | undefined,
    context: CdekContext,
  ): Promise<CdekIntakeReply | undefined> {
    const [only, ...others] = request?.deliveries ?? [];
    if (only === undefined || others.length > 0) return undefined;
    const visits = await this.client.intakesOf(only.externalId, context).catch((error: unknown) => {
      // Refused: the order is not there, or this question is not answered.
      const refusal = explain(error);
      if (refusal instanceof ProviderError && refusal.kind === 'rejected') return [];
      throw refusal;
    });
    return visits.find(
      (visit) => isStanding(visit) && !known.includes(visit.entity.uuid) && visit.entity.comment?.includes(markOf(reference)),
    );
  }
}

/** Restoring goes on past the call's time. */
const RESTORING_MS = 5_000;

const keyOf = (reference: string): string => `intake:${reference}`;

const digestOf = (wire: CdekIntakeRequest): string => sha256Hex(JSON.stringify(wire)).slice(0, 16);

/** What is remembered of a shipment; `otherwise` is, from now on, when nothing is. */
function memoOf(reference: string, otherwise: Memo | null, context: CdekContext): Promise<Memo | null> {
  return context.cache.fetch<Memo | null>(keyOf(reference), REMEMBERED, () => Promise.resolve(otherwise));
}

async function remember(reference: string, memo: Memo, context: CdekContext): Promise<void> {
  await context.cache.forget(keyOf(reference));
  await context.cache.fetch<Memo | null>(keyOf(reference), REMEMBERED, () => Promise.resolve(memo));
}

function savedOf({ entity: { uuid, intake_number } }: CdekIntakeReply): SavedShipment {
  return {
    externalId: uuid,
    extraData: { [SHIPMENT_FIELD.intake]: uuid, ...(intake_number && { [SHIPMENT_FIELD.number]: intake_number }) },
  };
}

function creationOf({ requests = [] }: CdekIntakeReply): CdekRequest | undefined {
  return requests.find(({ type }) => type === 'CREATE');
}

function deletionOf({ requests = [] }: CdekIntakeReply): CdekRequest | undefined {
  return requests.findLast(({ type }) => type === 'DELETE');
}

function isStanding(visit: CdekIntakeReply): boolean {
  const gone = visit.entity.statuses?.some(({ code, deleted }) => deleted !== true && (code === 'REMOVED' || code === 'INVALID')) ?? false;
  return !gone && !isInvalid(creationOf(visit)) && deletionOf(visit)?.state !== 'SUCCESSFUL';
}
