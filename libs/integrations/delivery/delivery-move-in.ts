import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection, MovedIn, MoveInKind } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { BadInputError, Clock, readMoment, toWholeSecond, type Transaction } from '#platform';
import { type Money, readExactAmount } from '#provider-kit';
import type { DeliveryEntity } from './delivery.entity.js';
import { computeFirstPoll } from './delivery-poll.js';
import { findProblem, isAhead, isSettled } from './delivery-state.js';
import { DeliveryStore } from './delivery-store.js';
import { DeliveryLineDto } from './dto/delivery-line.dto.js';
import type { DeliveryProvider, SaveRequest } from './port/index.js';
import { readDispatched } from './reported.js';
import { UNKNOWN_REQUEST_HASH } from './stored-request.js';

/** Takes in deliveries that another module made: they are polled, reported and edited as ours then. */
@Injectable()
export class DeliveryMoveIn implements MoveInKind<DeliveryLineDto> {
  readonly kind = 'delivery';
  readonly integration = 'delivery';
  readonly dto = DeliveryLineDto;

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly store: DeliveryStore,
    private readonly clock: Clock,
  ) {}

  async take(tx: Transaction, connection: Connection, line: DeliveryLineDto): Promise<MovedIn> {
    const { statuses, recovery } = this.providers.getManifest(connection);
    const { status: code } = line;
    const problem = findProblem({ code }, { statuses });
    if (problem) throw new BadInputError({ status: problem.replace(/^code /, '') });
    const statusAt = readMoment(line.statusAt, connection.account.timeZone, 'statusAt');
    if (isAhead({ code, updatedAt: statusAt }, this.clock.now()))
      throw new BadInputError({ statusAt: 'is more than two minutes ahead of now' });
    const { request, cost } = readRequest(line, connection.account.currency);
    const known = this.findKnown(await this.store.findBefore(tx, connection, { ...line, crmId: line.deliveryId }), line);
    if (known) return { outcome: 'known', id: known.id };
    const id = uuidv7();
    const outside = recovery.kind !== 'local';
    const isPolled = outside && !isSettled({ statuses }, { status: code });
    const saved = { externalId: line.externalId, status: code, ...readDispatched(line, cost) };
    await this.store.insert(
      tx,
      connection,
      { id, request, requestHash: UNKNOWN_REQUEST_HASH, saved },
      {
        generation: 1 + (await this.store.countDeleted(connection, line.order, tx)),
        pollInS: isPolled ? computeFirstPoll(this.providers.getMember(connection, 'track')) : null,
        before: {
          crmId: line.deliveryId,
          outside,
          statusAt: toWholeSecond(statusAt),
          ...(line.statusComment && { statusComment: line.statusComment }),
        },
      },
    );
    return { outcome: 'created', id };
  }

  /** Finds the delivery that the line made before. Throws BadInputError when one of its ids is another's. */
  private findKnown(found: readonly DeliveryEntity[], line: DeliveryLineDto): DeliveryEntity | undefined {
    const same = found.find(({ id, crmId }) => line.deliveryId === (crmId ?? id));
    if (same) {
      const differs = (['order', 'externalId'] as const).filter((name) => same[name] !== line[name]);
      if (differs.length === 0) return same;
      throw new BadInputError(Object.fromEntries(differs.map((name) => [name, 'differs from the delivery with this deliveryId'])));
    }
    const [other] = found;
    if (!other) return undefined;
    if (other.order === line.order) throw new BadInputError({ order: 'has another live delivery of this connection' });
    throw new BadInputError({ externalId: 'belongs to another live delivery of this connection' });
  }
}

/** The known part of the order. The CRM sends the rest with its first edit. */
function readRequest(line: DeliveryLineDto, accountCurrency: string | undefined): { request: SaveRequest; cost: Money | undefined } {
  const currency = (line.currency ?? accountCurrency)?.toUpperCase();
  const read = (path: 'cost' | 'declaredValue' | 'cod'): Money | undefined => {
    const amount = line[path];
    if (amount === undefined) return undefined;
    if (!currency) throw new BadInputError({ currency: 'is required, because the CRM account has no currency' });
    return readExactAmount(amount, currency, path);
  };
  const [cost, declaredValue, cod] = [read('cost'), read('declaredValue'), read('cod')];
  return {
    cost,
    request: {
      reference: line.reference ?? line.externalId,
      order: line.order,
      ...(line.orderNumber && { orderNumber: line.orderNumber }),
      recipient: {},
      manager: {},
      parcels: [],
      tariff: line.tariff,
      ...(line.payerType && { payerType: line.payerType }),
      ...(cod && cod.minor > 0 && { collect: { currency: cod.currency, goods: cod.minor, delivery: 0, total: cod.minor, perItem: [] } }),
      ...(declaredValue && { declaredValue }),
      ...(currency && { currency }),
      extraData: {},
    },
  };
}
