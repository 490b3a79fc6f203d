import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import {
  InjectProviders,
  type MoveDocument,
  type OperationSource,
  type ParcelGoods,
  type Providers,
  type StockKeeper,
  type StockMove,
} from '#integration-kit';
import { type OperationKind, OperationsService, OperationStore, sendUnlessRejected, type SendOptions } from '#operations';
import { ProviderError } from '#provider-kit';
import {
  type MovedItem,
  placeItems,
  type StockMovement,
  type StoreProvider,
  type TakeBackRequest,
  type WriteOffRequest,
} from './port/index.js';
import { ReservationStore } from './reservation-store.js';

/** Writes goods of parcels off and takes them back at warehouses, each once. */
@Injectable()
export class StockMoves implements StockKeeper, OperationSource {
  readonly integration = 'store';
  private readonly writeOff = this.define<WriteOffRequest>('writeOff', (input, connection, options) =>
    this.providers.call(connection, 'writeOff', (provider, context) => provider.writeOff(input, context), options),
  );
  private readonly takeBack = this.define<TakeBackRequest>('takeBack', (input, connection, options) =>
    this.providers.call(connection, 'takeBack', (provider, context) => provider.takeBack(input, context), options),
  );
  readonly kinds = [this.writeOff, this.takeBack];

  constructor(
    @InjectProviders('store') private readonly providers: Providers<StoreProvider>,
    private readonly operations: OperationsService,
    private readonly operationStore: OperationStore,
    private readonly reservations: ReservationStore,
  ) {}

  canMove(connection: Connection): boolean {
    return this.providers.has(connection, 'writeOff') && this.providers.has(connection, 'takeBack');
  }

  async move(connection: Connection, move: StockMove, { parcel, order, store, items }: ParcelGoods): Promise<readonly MoveDocument[]> {
    const [key, writeOff] = [toKey(move, parcel), toKey('writeOff', parcel)];
    const perform = <Input extends WriteOffRequest>(kind: OperationKind<Input, StockMovement>, input: Input) =>
      this.operations.perform(kind, connection, { key, subject: order, input });
    const request = { key, order };
    const { operation } =
      move === 'writeOff'
        ? await perform(this.writeOff, { ...request, items: placeItems(items, await this.readHeld(connection, order), store) })
        : await perform(this.takeBack, { ...request, writeOff, items: placeItems(items, await this.readWrittenOff(connection, writeOff)) });
    return (operation.result as StockMovement).documents;
  }

  private define<Input extends WriteOffRequest>(
    move: StockMove,
    send: (input: Input, connection: Connection, options?: SendOptions) => Promise<StockMovement>,
  ): OperationKind<Input, StockMovement> {
    return {
      kind: `store.${move}`,
      answersRepeats: true,
      send: ({ input }, connection, options) => send(input, connection, options),
      // The key names the movement at the warehouse, so sending it again is safe.
      recover: async ({ input }, connection) => {
        const done = await sendUnlessRejected(connection, () => send(input, connection));
        return done ? { found: done } : 'absent';
      },
      commit: (_tx, _operation, { documents }) => Promise.resolve({ documents }),
    };
  }

  private async readHeld(connection: Connection, order: string): Promise<readonly MovedItem[]> {
    if (this.providers.has(connection, 'readReserved'))
      return this.providers.call(connection, 'readReserved', (provider, context) => provider.readReserved(order, context));
    return (await this.reservations.find(connection, order))?.packs ?? [];
  }

  /** Goods come back to the warehouse that they left. */
  private async readWrittenOff({ id }: Connection, key: string): Promise<readonly MovedItem[]> {
    const operation = await this.operationStore.findByKey(id, key);
    if (operation?.state !== 'done') throw new ProviderError('rejected', 'The goods of the parcel were not written off');
    return (operation.input as WriteOffRequest).items;
  }
}

function toKey(move: StockMove, parcel: string): string {
  return `store.${move}:${parcel}`;
}
