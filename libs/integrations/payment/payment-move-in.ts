import { Injectable } from '@nestjs/common';
import type { QueryDeepPartialEntity } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Connection, MovedIn, MoveInKind } from '#connections';
import { type Each, InjectProviders, type Providers } from '#integration-kit';
import { BadInputError, Clock, randomToken, readMoment, type Transaction } from '#platform';
import { type Money, readExactAmount } from '#provider-kit';
import { PaymentLineDto } from './dto/payment-line.dto.js';
import { PaymentEntity, PaymentRefundEntity } from './payment.entity.js';
import { toColumns, toRefundRow } from './payment-rows.js';
import { PaymentShops } from './payment-shops.js';
import { computeRefundable, findAwaited, getAmount, type PaymentFacts, type RefundFacts } from './payment-facts.js';
import { PaymentStatesService } from './payment-states.service.js';
import type { PaymentProvider, Reported, Shop } from './port/index.js';
import { computeNextReading } from './reading-times.js';

/** Imports payments that another module made at the same gateway. From then on they are read like our own. */
@Injectable()
export class PaymentMoveIn implements MoveInKind<PaymentLineDto> {
  readonly kind = 'payment';
  readonly integration = 'payment';
  readonly dto = PaymentLineDto;

  constructor(
    @InjectProviders('payment') private readonly providers: Providers<PaymentProvider>,
    private readonly shops: PaymentShops,
    private readonly states: PaymentStatesService,
    private readonly clock: Clock,
  ) {}

  async take(tx: Transaction, connection: Connection, line: PaymentLineDto): Promise<MovedIn> {
    if (this.providers.getManifest(connection).recovery.kind === 'local')
      throw new BadInputError({ module: 'stores its own payments, so there is no gateway to import this one from' });
    const known = await this.findKnown(tx, connection, line);
    if (known) return { outcome: 'known', id: known.id };
    const shop = this.findShop(connection, line.shop);
    const now = this.clock.now();
    const facts = readFacts(line, connection.account.timeZone, now);
    const id = uuidv7();
    await tx.getRepository(PaymentEntity).insert({
      ...{ id, connectionId: connection.id, crmId: line.paymentId, invoiceUuid: line.invoiceUuid, shop: shop.code },
      // An imported hold is captured on the CRM's request, never automatically.
      capture: facts.status === 'waitingForCapture' ? 'manual' : shop.capture,
      token: randomToken(24),
      currency: facts.amount.currency,
      amountMinor: String(facts.amount.minor),
      request: toRequest(id, line, shop, facts.amount),
      orderNumber: line.orderNumber ?? null,
      ...toColumns(facts),
      statusAt: now,
      activeAt: now,
      readAt: computeNextReading(
        { status: facts.status, activeAt: now, expiresAt: facts.expiresAt ?? null, ...findAwaited(facts), lacksEvents: false },
        now,
      ),
      createdAt: now,
      updatedAt: now,
    });
    if (facts.refunds.length > 0)
      await tx.getRepository(PaymentRefundEntity).insert(facts.refunds.map((refund) => toRefundRow(id, refund, now)));
    await this.states.note(tx, id, [{ code: facts.status, amount: getAmount(facts), moved: true }], now);
    return { outcome: 'created', id };
  }

  /**
   * Returns the payment that an earlier import of the line created. Throws BadInputError if one of its ids
   * belongs to another payment.
   */
  private async findKnown(tx: Transaction, connection: Connection, line: PaymentLineDto): Promise<PaymentEntity | undefined> {
    const { invoiceUuid, paymentId: crmId, externalId } = line;
    const connectionId = connection.id;
    const found = await tx.getRepository(PaymentEntity).find({
      where: [
        { connectionId, invoiceUuid },
        { connectionId, crmId },
        { connectionId, externalId },
      ],
    });
    const same = found.find((row) => row.invoiceUuid === invoiceUuid);
    if (same && (same.crmId ?? same.id) === crmId) return same;
    if (same) throw new BadInputError({ invoiceUuid: 'must not have another payment' });
    const [other] = found;
    if (other) throw new BadInputError({ [other.crmId === crmId ? 'paymentId' : 'externalId']: 'must not be the id of another payment' });
    return undefined;
  }

  private findShop(connection: Connection, code: string): Shop {
    const shop = this.shops.find(connection, code);
    if (shop) return shop;
    const codes = this.shops.list(connection).map((one) => one.code);
    throw new BadInputError({
      shop: codes.length > 0 ? `must be one of: ${codes.join(', ')}` : 'is unknown: the settings of the connection contain no shops',
    });
  }
}

/** Reads the payment's facts from a line. Throws BadInputError. */
function readFacts(line: PaymentLineDto, timeZone: string, now: Date): PaymentFacts {
  const { state: status } = line;
  const currency = line.currency.toUpperCase();
  const read = (path: 'amount' | 'held' | 'captured'): Money => readExactAmount(line[path] ?? line.amount, currency, path);
  const amount = read('amount');
  const isTaken = status === 'succeeded';
  for (const path of ['held', 'captured'] as const)
    if (read(path).minor > amount.minor) throw new BadInputError({ [path]: 'must be at most the amount' });
  const refunds = (line.refunds ?? []).map(({ externalId, amount: given }, index): RefundFacts => ({
    ...{ id: uuidv7(), externalId, status: 'succeeded', requested: false, createdAt: now },
    amount: readExactAmount(given, currency, `refunds[${index}].amount`),
  }));
  if (refunds.length > 0 && !isTaken) throw new BadInputError({ refunds: 'must be empty unless the payment succeeded' });
  const twice = refunds.findIndex(({ externalId }, index) => refunds.findIndex((one) => one.externalId === externalId) !== index);
  if (twice !== -1) throw new BadInputError({ [`refunds[${twice}].externalId`]: 'must not be repeated' });
  const given = refunds.reduce((sum, refund) => sum + refund.amount.minor, 0);
  if (isTaken && given > read('captured').minor) throw new BadInputError({ refunds: 'must be at most the captured amount' });
  const holds = status === 'waitingForCapture';
  const values: Each<Reported> = {
    discount: undefined,
    held: holds ? read('held') : undefined,
    captured: isTaken ? read('captured') : undefined,
    paidAt: isTaken && line.paidAt ? readMoment(line.paidAt, timeZone, 'paidAt') : undefined,
    expiresAt: holds && line.expiresAt ? readMoment(line.expiresAt, timeZone, 'expiresAt') : undefined,
    cancellation: undefined,
    ...{ capturing: undefined, declined: undefined, fee: undefined },
  };
  const facts: PaymentFacts = {
    ...{ status, amount, externalId: line.externalId, memory: {}, refunds, disputes: [], receipts: [] },
    ...values,
  };
  return isTaken && computeRefundable(facts).minor === 0 ? { ...facts, status: 'refundSucceeded' } : facts;
}

/** Builds the request from the known facts. Links are added when the request is used. */
function toRequest(
  reference: string,
  { invoiceUuid, orderNumber, orderId }: PaymentLineDto,
  shop: Shop,
  amount: Money,
): QueryDeepPartialEntity<PaymentEntity['request']> {
  return {
    ...{ reference, invoiceUuid, shop: shop.code, capture: shop.capture, amount, items: [], buyer: {} },
    ...(orderNumber && { orderNumber }),
    ...(orderId && { orderId }),
  };
}
