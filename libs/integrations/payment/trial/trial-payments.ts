import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, isLive } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import type { Trials, TrialView } from '#onboarding';
import { CallbackError, Clock, Database, randomToken, textFor, toLogLine, type Transaction } from '#platform';
import { type Money, ProviderError } from '#provider-kit';
import { PaymentShops } from '../payment-shops.js';
import { PaymentStore } from '../payment-store.js';
import { texts } from '../payment.texts.js';
import type { Checkout, ExistingPayment, PaymentProvider, PaymentState, Shop } from '../port/index.js';
import { TrialPaymentEntity } from './trial-payment.entity.js';
import { chooseTrialAmount, toTrialPayment, toTrialRequest } from './trial-request.js';

/** Gateways' pages do not stay open longer. */
const OPEN_MS = 24 * 3_600_000;

/**
 * Test payments from the account page, in shops with the service's test credentials. They use the same path
 * as real payments up to the buyer's page. They are not invoices: nothing reaches the CRM or the lists.
 */
@Injectable()
export class TrialPayments implements Trials {
  private readonly logger = new Logger(TrialPayments.name);

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly shops: PaymentShops,
    private readonly store: PaymentStore,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  isOffered(connection: Connection): boolean {
    return this.find(connection) !== undefined;
  }

  /** Makes one call to the gateway. If the last test payment was paid, makes none. */
  async start(connection: Connection): Promise<TrialView> {
    const { shop, amount } = this.find(connection) ?? refuse(connection);
    const known = await this.load(connection);
    if (known?.paidAt) return { isDone: true };
    const row = Object.assign(new TrialPaymentEntity(), {
      ...{ connectionId: connection.id, id: uuidv7(), token: randomToken(24), shop: shop.code, currency: amount.currency },
      ...{ amountMinor: String(amount.minor), externalId: null, memory: {}, createdAt: this.clock.now(), paidAt: null },
    } satisfies TrialPaymentEntity);
    const { payUrl, language } = this.describe(connection, row);
    const create = (transaction?: Transaction): Promise<PaymentState> =>
      this.providers.call(connection, 'create', (provider, context) => provider.create(toTrialRequest(row, payUrl, language), context), {
        transaction,
      });
    const isLocal = this.providers.getManifest(connection).recovery.kind === 'local';
    keep(row, isLocal ? await this.database.transaction(create) : await create());
    await this.database.dataSource.getRepository(TrialPaymentEntity).upsert(row, ['connectionId']);
    return { url: payUrl, isDone: false };
  }

  async read(connection: Connection): Promise<TrialView> {
    const row = await this.load(connection);
    if (!row || !(row.paidAt ?? this.canPay(connection, row))) return { isDone: false };
    if (!row.paidAt) await this.look(connection, row);
    return row.paidAt ? { isDone: true } : { url: this.describe(connection, row).payUrl, isDone: false };
  }

  /** Whether the account paid a test payment. */
  async isPaid(connection: Connection): Promise<boolean> {
    return (await this.load(connection))?.paidAt != null;
  }

  /** The test payment of a buyer's link. */
  async findByToken(token: string): Promise<TrialPaymentEntity | undefined> {
    return (await this.database.dataSource.getRepository(TrialPaymentEntity).findOneBy({ token })) ?? undefined;
  }

  /** Whether the test payment can still be paid. Its shop may have received live credentials since. */
  canPay(connection: Connection, row: TrialPaymentEntity): boolean {
    const age = this.clock.now().getTime() - row.createdAt.getTime();
    return isLive(connection) && age <= OPEN_MS && isTrialShop(this.shops.find(connection, row.shop));
  }

  /** Returns a test payment in the port's format. */
  toExisting(connection: Connection, row: TrialPaymentEntity): ExistingPayment {
    const { payUrl, language } = this.describe(connection, row);
    return toTrialPayment(row, payUrl, language);
  }

  /** Opens the gateway's own page. Throws ProviderError. */
  async openCheckout(connection: Connection, row: TrialPaymentEntity): Promise<Checkout> {
    const existing = this.toExisting(connection, row);
    const request = { key: uuidv7() };
    const checkout = await this.providers.call(connection, 'openCheckout', (provider, context) =>
      provider.openCheckout(existing, request, context),
    );
    await this.save(row, checkout.state);
    return checkout;
  }

  /** Stores the gateway's state. A held test payment counts as paid. */
  async save(row: TrialPaymentEntity, state: PaymentState): Promise<void> {
    keep(row, state);
    if (state.status === 'succeeded' || state.status === 'waitingForCapture') row.paidAt ??= this.clock.now();
    const { connectionId, id, externalId, memory, paidAt } = row;
    await this.database.dataSource.getRepository(TrialPaymentEntity).update({ connectionId, id }, { externalId, memory, paidAt });
  }

  private async look(connection: Connection, row: TrialPaymentEntity): Promise<void> {
    const existing = this.toExisting(connection, row);
    try {
      await this.save(row, await this.providers.call(connection, 'get', (provider, context) => provider.get(existing, context)));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // The page repeats the reading.
      this.logger.warn(toLogLine(`a test payment cannot be read: ${error.message}`, connection.request));
    }
  }

  private find(connection: Connection): { shop: Shop; amount: Money } | undefined {
    const shop = isLive(connection) ? this.shops.list(connection).find((one) => one.active && isTrialShop(one)) : undefined;
    const amount = shop && chooseTrialAmount(this.providers.getManifest(connection).currencies, connection.account.currency);
    return shop && amount && { shop, amount };
  }

  private async load({ id }: Connection): Promise<TrialPaymentEntity | undefined> {
    return (await this.database.dataSource.getRepository(TrialPaymentEntity).findOneBy({ connectionId: id })) ?? undefined;
  }

  private describe(connection: Connection, { token }: TrialPaymentEntity): { payUrl: string; language: string } {
    return { payUrl: this.store.buildPayUrl(connection, token), language: connection.account.language };
  }
}

function isTrialShop(shop: Shop | undefined): boolean {
  return shop?.isTest === true;
}

function keep(row: TrialPaymentEntity, { externalId, memory }: PaymentState): void {
  row.externalId = externalId ?? row.externalId;
  row.memory = memory ?? row.memory;
}

function refuse({ account }: Connection): never {
  throw new CallbackError(404, textFor(texts.notOffered, account.language));
}
