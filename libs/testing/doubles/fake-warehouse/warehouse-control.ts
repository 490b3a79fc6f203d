import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
import { WarehouseBook, type WarehouseReservation } from './warehouse-book.js';
import { WAREHOUSE_CALLS, type WarehouseCall, type WarehouseOwnFault } from './warehouse-faults.js';
import { type WarehouseWebhookAttempt, type WarehouseWebhookFlush, WarehouseWebhooks } from './warehouse-webhooks.js';

/** Standing behaviour, until changed. */
export interface WarehouseModes {
  /** Webhooks name the goods; else they only say that something changed. On at first. */
  namesGoods: boolean;
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
}

const MODES: WarehouseModes = { namesGoods: true, latencyMs: 0 };

/** The fake warehouse without its HTTP: what it has, how it is to behave, and the test's hold on both. */
export class WarehouseControl extends DoubleControl<WarehouseCall, WarehouseOwnFault> {
  readonly webhooks: WarehouseWebhooks;
  readonly modes: WarehouseModes = { ...MODES };
  /** Names of all received calls, in order, failed ones included. */
  readonly calls: WarehouseCall[] = [];
  /** What the API works on; tests use the methods below. */
  readonly book = new WarehouseBook();

  constructor(readonly secret: string) {
    super(new PlannedFaults<WarehouseCall, WarehouseOwnFault>(WAREHOUSE_CALLS, { unauthorized: [] }));
    this.webhooks = new WarehouseWebhooks(secret);
    this.book.onChange = (goods) => this.webhooks.add(this.modes.namesGoods ? goods.map(({ id, sku }) => ({ id, sku })) : undefined);
  }

  /** Sets what a warehouse has of a good: a decimal text; the cost as `100.50 RUB`. */
  setStock(sku: string, warehouse: string, onHand: string, cost?: string): void {
    const [amount = '', currency = ''] = cost?.split(' ') ?? [];
    this.book.setStock(sku, warehouse, onHand, cost === undefined ? undefined : { amount, currency });
  }

  /** The reservation of a reference. */
  reservation(reference: string): WarehouseReservation | undefined {
    return this.book.reservations.get(reference);
  }

  /** How often a call was received. */
  countCalls(call: WarehouseCall): number {
    return this.calls.filter((one) => one === call).length;
  }

  /** Sets how the warehouse behaves from now on. */
  setModes(modes: Partial<WarehouseModes>): void {
    Object.assign(this.modes, modes);
  }

  /** Posts the webhooks held (`webhooks.mode = 'hold'`); answers all attempts so far. */
  async flushWebhooks(options: WarehouseWebhookFlush = {}): Promise<readonly WarehouseWebhookAttempt[]> {
    await this.webhooks.flush(options);
    return this.webhooks.attempts;
  }

  /** Forgets everything but where webhooks go; modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    this.book.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    this.setModes(MODES);
  }
}
