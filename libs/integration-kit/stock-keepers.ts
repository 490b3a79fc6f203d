import { Injectable, Module } from '@nestjs/common';
import type { Connection } from '#connections';

/** `writeOff`: goods left with a parcel. `takeBack`: they came back. */
export type StockMove = 'writeOff' | 'takeBack';

/** A quantity of an offer in a parcel. */
export interface KeptItem {
  /** Id in the CRM, id in the warehouse system, id in the shop. */
  readonly offer: { readonly id?: number; readonly xmlId?: string; readonly externalId?: string };
  /** Units. */
  readonly quantity: number;
}

/** The goods of a parcel. */
export interface ParcelGoods {
  /** The parcel's id, unique in all accounts. Each move is made once for it. */
  readonly parcel: string;
  /** Id of the order in the CRM. */
  readonly order: string;
  /** Code of the warehouse of shipment in the CRM. */
  readonly store?: string;
  readonly items: readonly KeptItem[];
}

/** A document of the warehouse about a move. */
export interface MoveDocument {
  readonly id: string;
  readonly number?: string;
  readonly url?: string;
}

/** An integration that keeps stock. Given in its definition (`stockKeeper`). */
export interface StockKeeper {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  /** Whether the warehouse of the connection can make both moves. */
  canMove(connection: Connection): boolean;
  /**
   * Makes a move once and returns its documents, also when it is repeated or was made before.
   * @throws ProviderError. Nothing was done, except for `unknown_outcome`, which a repeat finds out
   */
  move(connection: Connection, move: StockMove, goods: ParcelGoods): Promise<readonly MoveDocument[]>;
}

/** The stock keepers of all integrations, for integrations that must not import them. */
@Injectable()
export class StockKeepers {
  private readonly keepers = new Map<string, StockKeeper>();

  add(keeper: StockKeeper): void {
    this.keepers.set(keeper.integration, keeper);
  }

  /** Returns a connection's keeper, and the connection through its warehouse, if it has a warehouse. */
  find({ views }: Connection): { keeper: StockKeeper; connection: Connection } | undefined {
    for (const connection of views) {
      const keeper = this.keepers.get(connection.module.integration);
      if (keeper) return { keeper, connection };
    }
    return undefined;
  }
}

/** One registry for the whole process. */
@Module({ providers: [StockKeepers], exports: [StockKeepers] })
export class StockKeepersModule {}
