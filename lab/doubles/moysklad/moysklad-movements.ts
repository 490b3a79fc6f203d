import { isUuid } from '#platform/plain';
import type { MoySkladMovement, MoySkladPosition } from './moysklad-objects.js';
import { MoySkladOrders, readObject } from './moysklad-orders.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { MOVEMENT_FIELDS } from './moysklad-wire.js';

/** Writes of demands and returns by a client. Throws MoySkladRefusal without any change. */
export class MoySkladMovements extends MoySkladOrders {
  /** Makes a document that moves stock. Returns an existing one with the same syncId unchanged. */
  createMovement(type: MoySkladMovement['type'], body: unknown): MoySkladMovement {
    const { [type === 'demand' ? 'customerOrder' : 'demand']: link, ...given } = readObject(body, MOVEMENT_FIELDS[type], '');
    const { book } = this.account;
    this.user.need('create');
    const { syncId } = given;
    if (syncId !== undefined) {
      if (typeof syncId !== 'string' || !isUuid(syncId)) throw wrong('syncId is a UUID', 'syncId');
      const known = [...book.movements.values()].find((one) => one.type === type && one.syncId === syncId && one.deleted === undefined);
      if (known) return known;
    }
    for (const name of ['organization', 'agent', 'store'] as const) if (given[name] == null) throw new MoySkladRefusal(3000, name);
    const { shipped: _shipped, ...filled } = this.fill(book.newOrder(), given);
    const made: MoySkladMovement = { ...filled, type, ...(typeof syncId === 'string' && { syncId }) };
    if (made.positions.some(({ reserve }) => reserve > 0)) throw wrong('There is no field reserve', 'positions');
    if (link === undefined) return book.putMovement(made);
    const basis = this.readReference(
      link,
      [type === 'demand' ? 'customerorder' : 'demand'],
      type === 'demand' ? 'customerOrder' : 'demand',
    );
    if (type === 'demand') this.find(basis);
    else this.checkReturn(made, basis);
    return book.putMovement({ ...made, basis });
  }

  /** A return has its demand's company, counterparty, goods and prices, and no larger quantities. */
  private checkReturn({ organization, agent, positions }: MoySkladMovement, basis: string): void {
    const { movements } = this.account.book;
    const demand = movements.get(basis);
    if (demand?.type !== 'demand' || demand.deleted !== undefined) throw new MoySkladRefusal(2024, 'demand');
    if (demand.organization !== organization || demand.agent !== agent) throw new MoySkladRefusal(3007, 'demand');
    const earlier = [...movements.values()].filter((one) => one.basis === basis && one.deleted === undefined);
    const sum = (rows: readonly MoySkladPosition[], good: string): number =>
      rows.reduce((all, one) => (one.good === good ? all + one.quantity : all), 0);
    for (const { good, price } of positions) {
      const returned = sum(
        earlier.flatMap((one) => one.positions),
        good,
      );
      const isSame = demand.positions.some((one) => one.good === good && one.price === price);
      if (!isSame || returned + sum(positions, good) > sum(demand.positions, good)) throw new MoySkladRefusal(3007, 'positions');
    }
  }
}
