import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { OperationLists } from '#operations';
import { normalisePhone, type Transaction } from '#platform';
import { type CallInput, type CallResult, MAKE_CALL } from './call-operations.js';
import { Extensions } from './extensions.js';
import { endAlike } from './phones.js';
import { type CallSnapshot, isPlacedHere, type TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';

/** Milliseconds before a call's first update in which its click-to-call is searched. */
const CLICK_MS = 120_000;
/** Maximum difference between the clocks of two processes, in milliseconds. */
const CLOCK_MS = 1_000;

/** A click-to-call. */
export interface Click extends CallInput {
  reference: string;
}

/** A call whose click-to-call is searched. */
export interface HeardCall {
  readonly call: CallSnapshot;
  /** The click that was found earlier. */
  readonly reference: string | null;
  /** When its first update arrived. */
  readonly heardAt: Date;
}

/**
 * Finds the click-to-calls behind a PBX's calls, because their data about the customer is better than the
 * PBX's.
 */
@Injectable()
export class PlacedCalls {
  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly operations: OperationLists,
    private readonly extensions: Extensions,
  ) {}

  /** Returns the clicks by the `externalId` of their calls. A click belongs to only one call. */
  async find(tx: Transaction, connection: Connection, calls: readonly HeardCall[]): Promise<ReadonlyMap<string, Click>> {
    const clicks = new Map<string, Click>();
    const references = new Map<string, string>();
    const unknown: HeardCall[] = [];
    for (const one of calls) {
      const reference = one.reference ?? (isPlacedHere(one.call.externalId) ? one.call.externalId : undefined);
      if (reference === undefined) unknown.push(one);
      else references.set(one.call.externalId, reference);
    }
    const inputs = await this.operations.findInputs<CallInput>(tx, connection, MAKE_CALL, [...references.values()]);
    for (const [externalId, reference] of references) {
      const input = inputs.get(reference);
      if (input) clicks.set(externalId, { ...input, reference });
    }
    if ((this.providers.getManifest(connection).placedCalls ?? 'reference') === 'reference') return clicks;
    for (const one of unknown) {
      const click = await this.match(tx, connection, one, clicks);
      if (click) clicks.set(one.call.externalId, click);
    }
    return clicks;
  }

  /**
   * Finds the click by the id that the PBX returned, otherwise the oldest click of this customer and
   * extension.
   */
  private async match(
    tx: Transaction,
    connection: Connection,
    heard: HeardCall,
    taken: ReadonlyMap<string, Click>,
  ): Promise<Click | undefined> {
    if (!(await this.choose(tx, connection, heard, taken))) return undefined;
    // Taken rarely, so that only calls that may belong to a click wait for each other.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`telephony clicks ${connection.id}`]);
    return this.choose(tx, connection, heard, taken);
  }

  private async choose(
    tx: Transaction,
    connection: Connection,
    { call, heardAt }: HeardCall,
    taken: ReadonlyMap<string, Click>,
  ): Promise<Click | undefined> {
    const [after, until] = [-CLICK_MS, CLOCK_MS].map((ms) => new Date(heardAt.getTime() + ms)) as [Date, Date];
    const begun = await this.operations.findBegun<CallInput, CallResult>(tx, connection, MAKE_CALL, { after, until });
    const phone = normalisePhone(call.phone, this.extensions.getCountry(connection));
    const returned = begun.find(({ result }) => result?.externalId === call.externalId);
    const fitting = returned
      ? [returned]
      : begun.filter(
          ({ input: { request }, result }) =>
            result?.externalId === undefined &&
            call.direction === 'out' &&
            (call.code ?? request.code) === request.code &&
            endAlike(request.phone, phone),
        );
    const references = fitting.flatMap(({ reference }) => reference ?? []);
    if (references.length === 0) return undefined;
    const known = await tx.getRepository(CallEntity).find({
      select: { id: true, reference: true },
      where: { connectionId: connection.id, reference: In(references) },
    });
    const used = new Set([...known, ...taken.values()].map(({ reference }) => reference));
    const free = fitting.find(({ reference }) => reference !== null && !used.has(reference));
    return free?.reference ? { ...free.input, reference: free.reference } : undefined;
  }
}
