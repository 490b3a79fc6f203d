import { expect } from '@jest/globals';
import {
  type ExistingReservation,
  type OfferRef,
  type OfferStock,
  type Pack,
  type ReserveRequest,
  type StockMovement,
  type TakeBackRequest,
  type WriteOffRequest,
  mergePacks,
} from '#inventory/port';
import type { ProviderContext } from '#provider-kit';
import { Suite } from '../provider/index.js';
import type { OptionalStoreMethod, StoreSubject } from './subject.js';

export const HOUR_S = 3_600;
export const MANY = 120;
/** More than services list on a page. */
const PAGES = 1_050;

/** A run of the suite, and the steps that several cases share. */
export class StoreSuite<S extends object> extends Suite<S, OptionalStoreMethod, StoreSubject<S>> {
  /** Reservations by order, as the integration stores them. */
  readonly orders = new Map<string, ExistingReservation>();
  private count = 0;
  private pages: string[] | undefined;

  isLocal(): boolean {
    return this.provider.manifest.recovery.kind === 'local';
  }

  newXmlId(): string {
    return `conf-${++this.count}`;
  }

  /** Makes an offer with this stock. */
  async newOffer(units: number): Promise<string> {
    const xmlId = this.newXmlId();
    await this.subject.setStock(xmlId, units);
    return xmlId;
  }

  /** Makes more offers than a page has, once. The stock of each follows from its place. */
  async fillPages(): Promise<string[]> {
    if (this.pages) return this.pages;
    this.pages = [];
    for (let n = 0; n < PAGES; n++) this.pages.push(await this.newOffer(n % 97));
    this.subject.advance?.(HOUR_S);
    return this.pages;
  }

  async readAvailable(offers: readonly OfferRef[]): Promise<(number | undefined)[]> {
    const stocks = await this.provider.readStocks(offers, this.context);
    return stocks.map((stock) => stock?.stores.find(({ store }) => store === this.subject.store)?.available);
  }

  async readOne(xmlId: string): Promise<OfferStock | undefined> {
    return (await this.provider.readStocks([{ xmlId }], this.context))[0];
  }

  newOrder(): string {
    return String(810_000 + ++this.count);
  }

  pack(xmlId: string, quantity: number, item = '1'): Pack {
    return { item, offer: { xmlId }, store: this.subject.store, quantity };
  }

  /** Reserves like the integration, and keeps the memory for the next call. */
  async reserve(order: string, packs: Pack[], existing = this.orders.get(order)): Promise<void> {
    const request: ReserveRequest = { order, packs };
    const reserved = await this.within(async (given) => {
      if (!this.provider.reserve) throw new Error('the provider has no reserve');
      return this.provider.reserve(request, given, this.isLocal() ? undefined : existing);
    });
    if (this.isLocal()) return;
    for (const value of Object.values(reserved?.memory ?? {})) expect(typeof value).toBe('string');
    this.orders.set(order, {
      order,
      memory: reserved?.memory ?? existing?.memory ?? {},
      packs: mergePacks(existing?.packs ?? [], packs),
      documents: reserved?.documents ?? existing?.documents ?? [],
    });
  }

  /** Writes goods off, in a transaction for built-in providers. */
  writeOff(request: WriteOffRequest): Promise<StockMovement | undefined> {
    return this.within(async (given) => this.provider.writeOff?.(request, given));
  }

  takeBack(request: TakeBackRequest): Promise<StockMovement | undefined> {
    return this.within(async (given) => this.provider.takeBack?.(request, given));
  }

  async readHeld(order: string, xmlId: string): Promise<number> {
    if (!this.subject.readHeld) throw new Error('the subject needs readHeld()');
    return this.subject.readHeld(order, xmlId);
  }

  private within<T>(work: (given: ProviderContext<S>) => Promise<T>): Promise<T> {
    return this.subject.within ? this.subject.within(work) : work(this.context);
  }
}
