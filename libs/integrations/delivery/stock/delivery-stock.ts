import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore } from '#connections';
import { InjectProviders, type MoveDocument, type Providers, StockKeepers, type StockMove } from '#integration-kit';
import { Clock, Database, defineJob, errorText, HandleJob, newId, toRows } from '#platform';
import { ProviderError, sayFields } from '#provider-kit';
import { DifferenceStore, type FoundDifference } from '#reconciliation';
import { DeliveryEntity } from '../delivery.entity.js';
import { DeliveryHistory } from '../delivery-history.js';
import type { DeliveryProvider } from '../port/index.js';
import type { DeliveryRules } from '../rules/rules.dto.js';
import { listMoves, type Moves } from './list-moves.js';
import { describeStock, type StockProblem, type StoredStock } from './stored-stock.js';

/** Moves the goods of parcels that left or came back. */
export const moveStock = defineJob<Record<string, never>>('housekeeping', 'delivery.stock');

/** The kind of difference of goods that a person has to move, or to allow. */
export const STOCK_DIFFERENCE = 'delivery.stock';

const BATCH = 100;
/** Seconds until deliveries of a worker that was killed are due again, and milliseconds of a run. */
const CLAIM_S = 60;
const RUN_MS = 30_000;
/** Seconds between attempts: half the age of the problem. After three days it waits for a person. */
const RETRY_S = { least: 15, most: 3_600, ends: 3 * 86_400 };
const BY_HAND = 'The warehouse cannot be told by the module: a person has to do it there.';
const UNCLEAR = 'Goods came back, but the carrier does not report which: a person has to take them back there.';

/** A delivery that this worker handles. `stockAt`: the end of its claim. */
interface Claimed {
  id: string;
  connectionId: string;
  stockAt: string;
}

/** Writes goods off and takes them back in the connection's warehouse, as statuses of deliveries require. */
@Injectable()
export class DeliveryStock {
  private readonly logger = new Logger(DeliveryStock.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly keepers: StockKeepers,
    private readonly history: DeliveryHistory,
    private readonly differences: DifferenceStore,
    private readonly clock: Clock,
  ) {}

  @HandleJob(moveStock, { everyMs: 3_000 })
  async moveAll(_data: object, stopping: AbortSignal): Promise<void> {
    const claimed = await this.database.query<Claimed>(
      `UPDATE delivery SET stock_at = now() + make_interval(secs => ${CLAIM_S})
       WHERE id IN (SELECT d.id FROM delivery d JOIN live_connection c ON c.id = d.connection_id
         WHERE d.stock_at <= now() ORDER BY d.stock_at LIMIT ${BATCH} FOR UPDATE OF d SKIP LOCKED)
       RETURNING id, connection_id AS "connectionId", stock_at::text AS "stockAt"`,
    );
    const endsAt = performance.now() + RUN_MS;
    // One account's warehouse must not hold up the others. The rest of a slow one is due after the claim.
    await Promise.all(
      [...new Set(claimed.map(({ connectionId }) => connectionId))].map(async (id) => {
        const connection = await this.connections.findById(id, 'delivery');
        for (const one of claimed)
          if (connection && one.connectionId === id && !stopping.aborted && performance.now() < endsAt)
            await this.tryToMove(connection, one);
      }),
    );
  }

  /** Lists goods that wait for a person, of a connection or of one delivery. */
  async listDifferences({ id }: Connection, deliveryId?: string): Promise<FoundDifference[]> {
    const rows = await this.database.query<{ id: string; order: string; stock: StoredStock }>(
      `SELECT id, coalesce(order_number, order_ref) AS order, stock FROM delivery
       WHERE connection_id = $1 AND stock_at IS NULL AND stock -> 'problem' IS NOT NULL AND ($2::uuid IS NULL OR id = $2) ORDER BY id LIMIT 1000`,
      [id, deliveryId ?? null],
    );
    return rows.flatMap(({ stock, ...row }) => (stock.problem ? [toDifference(row, stock.problem)] : []));
  }

  /** Lets the goods of a delivery be moved again now. */
  async retry({ id: connectionId }: Connection, id: string): Promise<void> {
    await this.database.query(`UPDATE delivery SET stock_at = now(), stock = stock - 'problem' WHERE connection_id = $1 AND id = $2`, [
      connectionId,
      id,
    ]);
  }

  private async tryToMove(connection: Connection, claimed: Claimed): Promise<void> {
    try {
      await this.move(connection, claimed);
    } catch (error) {
      this.logger.error(`goods of delivery ${claimed.id} are moved later: ${errorText(error)}`);
      const { id, stockAt } = claimed;
      await this.database.query(
        `UPDATE delivery SET stock_at = now() + make_interval(secs => ${RETRY_S.least}) WHERE id = $1 AND stock_at = $2::timestamptz`,
        [id, stockAt],
      );
    }
  }

  private async move(connection: Connection, claimed: Claimed): Promise<void> {
    const row = await this.database.dataSource.getRepository(DeliveryEntity).findOneBy({ id: claimed.id });
    const tracked = (await this.history.read([claimed.id])).get(claimed.id);
    const warehouse = this.keepers.find(connection);
    if (!row || !tracked || !warehouse) return this.keep(claimed, row?.stock ?? null);
    const { stock = 'none' } = (connection.rules ?? {}) as Partial<DeliveryRules>;
    const manifest = this.providers.getManifest(connection);
    const moves = listMoves(tracked.facts, row.request.parcels, manifest, stock === 'none' ? 'shipped' : stock);
    if (row.stock?.off || moves.writeOff.length === 0) return this.keep(claimed, row.stock);
    // The shop has written off these goods: switching this on later must not do it again.
    if (stock === 'none') return this.keep(claimed, row.stock ?? { off: true });
    await this.make(row, moves, warehouse, claimed);
  }

  private async make(
    row: DeliveryEntity,
    moves: Moves,
    { keeper, connection }: NonNullable<ReturnType<StockKeepers['find']>>,
    claimed: Claimed,
  ): Promise<void> {
    const { moved = {}, problem: before } = row.stock ?? {};
    const done: Partial<Record<StockMove, readonly MoveDocument[]>> = { ...moved };
    let problem: StockProblem | undefined;
    let willRetry = false;
    const complain = (move: StockMove, reason: string): void => {
      problem = { move, reason, since: before?.move === move ? before.since : this.clock.now().toISOString() };
    };
    for (const move of ['writeOff', 'takeBack'] as const) {
      const items = moves[move];
      if (items.length === 0 || done[move]) continue;
      if (!keeper.canMove(connection)) {
        complain(move, BY_HAND);
        continue;
      }
      try {
        const store = row.request.storeCode;
        done[move] = await keeper.move(connection, move, { parcel: row.id, order: row.order, ...(store && { store }), items });
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const fields = Object.entries(sayFields(error, 'en') ?? {}).map(([field, why]) => `${field} ${why}`);
        complain(move, [error.message, ...fields].join(' '));
        willRetry = error.kind !== 'invalid' && error.kind !== 'rejected' && !error.needsPerson;
        break;
      }
    }
    if (!problem && moves.isUnclear && !done.takeBack) complain('takeBack', UNCLEAR);
    const stock: StoredStock = { ...(Object.keys(done).length > 0 && { moved: done }), ...(problem && { problem }) };
    const ageS = problem ? (this.clock.now().getTime() - Date.parse(problem.since)) / 1_000 : 0;
    await this.keep(claimed, stock, willRetry && ageS < RETRY_S.ends ? Math.min(RETRY_S.most, Math.max(RETRY_S.least, ageS / 2)) : null);
  }

  /**
   * Stores the state, unless the claim has ended: a later run then has the same moves. `retryS`: seconds to
   * the next attempt. Null: none.
   */
  private async keep({ id, connectionId, stockAt }: Claimed, stock: StoredStock | null, retryS: number | null = null): Promise<void> {
    await this.database.transaction(async (tx) => {
      const kept = await tx.query(
        `UPDATE delivery SET stock = $3, stock_at = now() + make_interval(secs => $4::float8) WHERE id = $1 AND stock_at = $2::timestamptz RETURNING 1`,
        [id, stockAt, stock && JSON.stringify(stock), retryS],
      );
      if (toRows(kept).length === 0 || !stock?.problem || retryS !== null) return;
      const { order, orderNumber } = await tx.getRepository(DeliveryEntity).findOneByOrFail({ id });
      await this.differences.keep(tx, { id: newId(), connectionId }, [toDifference({ id, order: orderNumber ?? order }, stock.problem)]);
    });
  }
}

function toDifference({ id, order }: { id: string; order: string }, problem: StockProblem): FoundDifference {
  const { move, reason } = problem;
  return {
    kind: STOCK_DIFFERENCE,
    subject: id,
    text: `Order ${order}: ${describeStock({ problem }, false).join(' ')}`,
    facts: { move, reason },
  };
}
