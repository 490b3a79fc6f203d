import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Environment } from '#platform';
import type { Connection } from '../connection.js';
import type { CompiledSettings } from './compiled-settings.js';
import type { StoredConnection } from './stored-connection.js';

/** Milliseconds for which a process may answer `calculate` from a connection in memory (ADR 2). */
const CACHE_LIFE_MS = 1500;
/** Connections in use have their version read with others during the last `leftMs` of their life. */
const RENEWED = { most: 200, leftMs: 1000, usedMs: 10_000 };
/** If memory is full, one of `KEPT_OF` new connections is kept, so that accounts do not evict each other. */
const KEPT_OF = 8;
/** Estimated bytes of a connection without sealed columns, and per character of its sealed columns. */
const BYTES = { connection: 2_000, sealedCharacter: 3 };
/** A connection with stored settings is kept if it returns before this number of others is requested. */
const MOST_ASKED = 500;
/** Maximum number of client ids with a known connection id. Each takes about a hundred bytes. */
const MOST_CLIENTS = 50_000;

/** A connection that this process keeps in memory. */
export interface Remembered {
  /** The connection through the module's first provider. */
  readonly connection: Connection;
  readonly views: readonly StoredConnection[];
  /** Its key in memory. */
  readonly key: string;
  /** Estimated bytes. */
  readonly bytes: number;
  readonly compiled: CompiledSettings | undefined;
  /** End of the time in which `recall` returns it, on the clock of `performance`. */
  freshUntil: number;
  /** When a callback last used it, on the same clock. */
  usedAt: number;
}

/** The connections that this process keeps in memory (ADR 2). */
@Injectable()
export class ConnectionMemory {
  /** By `toKey`. A connection may have two entries: with compiled settings and without. */
  private readonly byId: LRUCache<string, Remembered>;
  /** Connections that `recall` may return, the oldest read first. */
  private readonly renewable = new Map<string, Remembered>();
  /** Number of connections with compiled settings that did not fit into memory. */
  private newcomers = 0;
  /** Ids with stored settings that were recently requested. The second request keeps them (`keep`). */
  private readonly asked = new LRUCache<string, true>({ max: MOST_ASKED });
  private readonly idsByClient = new LRUCache<string, string>({ max: MOST_CLIENTS });

  constructor(environment: Environment) {
    this.byId = new LRUCache({ maxSize: environment.CONNECTION_CACHE_MB * 1024 * 1024, sizeCalculation: ({ bytes }) => bytes });
  }

  /** Estimated bytes of the connections in memory, at most CONNECTION_CACHE_MB. */
  get bytes(): number {
    return this.byId.calculatedSize;
  }

  /**
   * Returns a connection from memory through its first provider, at most two seconds old, possibly with
   * compiled settings. Undefined if it is not in memory.
   */
  recall(moduleCode: string, clientId: string): Connection | undefined {
    const remembered = this.findByClient(moduleCode, clientId, true);
    const now = performance.now();
    if (!remembered || now >= remembered.freshUntil) return undefined;
    remembered.usedAt = now;
    return remembered.connection;
  }

  /** Returns a connection that this process last read at any time. Undefined if it is not in memory. */
  recallStale(id: string): Connection | undefined {
    return this.byId.get(id)?.connection;
  }

  /**
   * Drops a changed connection from `recall`. The settings object stays, in case the settings did
   * not change.
   */
  forget(id: string): void {
    for (const isCompiled of [false, true]) {
      const remembered = this.byId.peek(toKey(id, isCompiled));
      if (remembered) remembered.freshUntil = 0;
    }
  }

  /** Removes a deleted connection. */
  drop(id: string): void {
    for (const isCompiled of [false, true]) this.byId.delete(toKey(id, isCompiled));
  }

  /** Finds the connection of a clientId, however old. */
  findByClient(moduleCode: string, clientId: string, mayBeCompiled: boolean): Remembered | undefined {
    const id = this.idsByClient.get(clientId);
    if (id === undefined) return undefined;
    const remembered = (mayBeCompiled ? this.byId.get(toKey(id, true)) : undefined) ?? this.byId.get(id);
    return remembered?.connection.module.code === moduleCode ? remembered : undefined;
  }

  /** Finds the connection of an id without marking it as used. */
  peek(id: string, isCompiled: boolean): Remembered | undefined {
    return this.byId.peek(toKey(id, isCompiled));
  }

  /** Records the id of a clientId. */
  noteClient(clientId: string, id: string): void {
    // The text is a slice of the request's body and would keep it in memory. A copy does not.
    this.idsByClient.set(Buffer.from(clientId).toString(), id);
  }

  /** Removes a connection's entry with compiled settings, which rules or unfit settings have replaced. */
  dropCompiled(id: string): void {
    this.byId.delete(toKey(id, true));
  }

  /**
   * Keeps a connection that was just read. If each request belongs to another account, keeping all would only
   * evict the accounts that return, so new ones are kept selectively.
   */
  keep(views: readonly StoredConnection[], compiled: CompiledSettings | undefined): Remembered | undefined {
    const [connection] = views;
    if (!connection) return undefined;
    const { id } = connection;
    const key = toKey(id, compiled !== undefined);
    const columns = [connection.ruled, connection.memories, ...views.map(({ stored }) => stored)];
    const sealedLength = columns.reduce((sum, { sealed }) => sum + (sealed?.length ?? 0), 0);
    const bytes = BYTES.connection + BYTES.sealedCharacter * sealedLength + (compiled?.size ?? 0);
    const remembered = { key, connection, views, bytes, compiled, freshUntil: 0, usedAt: 0 };
    const isKept = this.byId.peek(key) !== undefined || (compiled ? this.hasRoom(bytes) : this.isAskedAgain(id, views));
    if (isKept) this.byId.set(key, remembered);
    return remembered;
  }

  /** Lets `recall` return a connection whose version was just read. */
  refresh(remembered: Remembered): void {
    remembered.freshUntil = performance.now() + CACHE_LIFE_MS;
    const { key } = remembered;
    this.renewable.delete(key);
    if (this.byId.peek(key) === remembered) this.renewable.set(key, remembered);
  }

  /** Removes and returns connections in use that expire soon. Unused connections are no longer renewed. */
  takeRenewable(): Remembered[] {
    const now = performance.now();
    const taken: Remembered[] = [];
    for (const [key, remembered] of this.renewable) {
      if (taken.length >= RENEWED.most || remembered.freshUntil > now + RENEWED.leftMs) break;
      this.renewable.delete(key);
      if (this.byId.peek(key) === remembered && remembered.freshUntil > 0 && remembered.usedAt > now - RENEWED.usedMs)
        taken.push(remembered);
    }
    return taken;
  }

  private hasRoom(bytes: number): boolean {
    return this.byId.calculatedSize + bytes <= this.byId.maxSize || this.newcomers++ % KEPT_OF === 0;
  }

  private isAskedAgain(id: string, views: readonly StoredConnection[]): boolean {
    if (views.every(({ stored }) => stored.sealed === null) || this.asked.has(id)) return true;
    this.asked.set(id, true);
    return false;
  }
}

/** Returns the key under which a connection is kept in memory. */
function toKey(id: string, isCompiled: boolean): string {
  return isCompiled ? `${id} compiled` : id;
}
