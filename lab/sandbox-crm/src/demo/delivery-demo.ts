import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { destination, historyLines, table } from '../cli/output.js';
import { type JsonObject, asNumber, asObject, asObjects, asText } from '../json.js';
import demoOrders from '../data/demo-orders.json' with { type: 'json' };
import type { DemoRun } from './demo-run.js';

/** Number of statuses reported for a delivery, one after another. */
const STEPS = 4;
/** Milliseconds between two reports, because statuses have a resolution of a second. */
const STEP_PAUSE = 1100;

/** An order in the demo. */
interface Walk {
  readonly id: string;
  readonly number: string;
  /** Undefined if the module does not serve it. */
  deliveryId?: string;
  /** Codes of the reported statuses, which tracking must send. */
  readonly expected: string[];
}

/** The demo for any delivery module: quotes, saves, edits, prints, ships, reports statuses and cancels. */
export class DeliveryDemo {
  private readonly walks: Walk[] = [];
  private readonly printed: string[] = [];
  /** Codes of the statuses in the CRM, by order. */
  private readonly codes = new Map<string, string[]>();

  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    await this.lists();
    await this.quoteAndSave();
    const served = this.walks.filter((walk) => walk.deliveryId !== undefined);
    if (served.length === 0) {
      this.demo.problems.push(
        'the module serves none of the demo orders, which are in Russia, Spain and Mexico. Create one: orders create --data',
      );
      return this.facts();
    }
    await this.edit(served);
    await this.printForms(served);
    await this.ship(served);
    // The last delivery is canceled at the end, so nothing happens to it before.
    await this.reportStatuses(served.length > 1 ? served.slice(0, -1) : served);
    await this.takeBack(served.at(-1));
    await this.timeline();
    return this.facts();
  }

  private async lists(): Promise<void> {
    const actions = asObject(this.delivery['actions']);
    for (const [action, what] of [
      ['tariffList', 'tariffs'],
      ['shipmentPointList', 'points that take parcels'],
    ] as const) {
      if (actions[action] === undefined) continue;
      const outcome = await this.demo.callback(action, {});
      if (outcome['ok'] === true) this.demo.line(`  ${asObjects(asObject(outcome['body'])['result']).length} ${what}`);
    }
  }

  private async quoteAndSave(): Promise<void> {
    this.demo.title('Quoting and saving, each order twice (the second one twice at once)');
    const rows: string[][] = [];
    for (const given of demoOrders) {
      const order = await this.demo.post('orders', given);
      const walk: Walk = { id: String(order['id']), number: String(order['number']), expected: [] };
      this.walks.push(walk);
      const quote = await this.demo.callback('calculate', { order: walk.id }, true);
      const tariffs = asObjects(asObject(quote['body'])['result']).filter((one) => one['cost'] !== undefined);
      if (quote['ok'] !== true || tariffs.length === 0) {
        rows.push([
          `  ${walk.number}`,
          destination(order),
          quote['refusal'] === undefined ? 'not served' : `refused: ${String(quote['refusal'])}`,
        ]);
        continue;
      }
      // The second order is saved twice at the same time, the others again after a lost reply.
      const atOnce = this.walks.length === 2;
      const first = this.demo.callback('save', { order: walk.id });
      if (!atOnce) await first;
      const [saved, again] = await Promise.all([first, this.demo.callback('save', { order: walk.id, repeat: true })]);
      const deliveryId = asText(asObject(asObject(saved['body'])['result'])['deliveryId']);
      if (saved['ok'] !== true || deliveryId === undefined) {
        rows.push([`  ${walk.number}`, destination(order), 'not saved']);
        continue;
      }
      walk.deliveryId = deliveryId;
      const repeated = asText(asObject(asObject(again['body'])['result'])['deliveryId']);
      const same = repeated === deliveryId;
      if (!same && repeated !== undefined)
        this.demo.problems.push(`order ${walk.number} was saved again and got another delivery: ${deliveryId}, then ${repeated}`);
      const data = asObject(asObject(asObject(saved['order'])['delivery'])['data']);
      rows.push([
        `  ${walk.number}`,
        destination(order),
        `${tariffs.length} tariffs`,
        `${String(data['tariff'])}${data['pickuppointId'] === undefined ? '' : ` to point ${String(data['pickuppointId'])}`}`,
        `${String(asObject(asObject(saved['order'])['delivery'])['cost'])} ${String(order['currency'])}`,
        `delivery ${deliveryId}`,
        same ? 'made once' : repeated === undefined ? 'repeat failed' : 'MADE TWICE',
      ]);
    }
    this.demo.line(table(rows));
  }

  private async edit(served: readonly Walk[]): Promise<void> {
    const walk = served[0];
    if (walk?.deliveryId === undefined) return;
    this.demo.title(`Editing order ${walk.number}: another telephone, a heavier parcel`);
    const order = await this.demo.get(`orders/${walk.id}`);
    const packages = asObjects(asObject(asObject(order['delivery'])['data'])['packages']).map((one) => ({
      ...one,
      weight: (asNumber(one['weight']) ?? 1000) + 500,
    }));
    await this.demo.client.put(this.demo.client.of(`orders/${walk.id}`), { phone: '+79160000000', delivery: { data: { packages } } });
    const edited = await this.demo.callback('save', { order: walk.id });
    const deliveryId = asText(asObject(asObject(edited['body'])['result'])['deliveryId']);
    if (edited['ok'] === true && deliveryId !== walk.deliveryId)
      this.demo.problems.push(`order ${walk.number} was edited and got another delivery: ${walk.deliveryId}, then ${String(deliveryId)}`);
    const read = await this.demo.callback('get', { order: walk.id });
    if (read['ok'] === true) this.demo.line(`  ${JSON.stringify(asObject(read['body'])['result'])}`);
  }

  private async printForms(served: readonly Walk[]): Promise<void> {
    const forms = asObjects(this.delivery['plateList']).filter((plate) => (plate['type'] ?? 'order') === 'order');
    if (forms.length === 0) return;
    this.demo.title('Printing');
    for (const form of forms)
      await this.printForm(String(form['code']), { orders: served.map((walk) => walk.id) }, `${served.length} orders`);
  }

  private async ship(served: readonly Walk[]): Promise<void> {
    if (asObject(this.delivery['actions'])['shipmentSave'] === undefined) return;
    this.demo.title('Making shipments, one for each warehouse');
    const byStore = new Map<string, Map<string, string[]>>();
    for (const walk of served.length > 1 ? served.slice(0, -1) : served) {
      const order = await this.demo.get(`orders/${walk.id}`);
      const store = asText(order['shipmentStore']) ?? '';
      const tariff = asText(asObject(asObject(order['delivery'])['data'])['tariff']) ?? '';
      const byTariff = byStore.get(store) ?? new Map<string, string[]>();
      byStore.set(store, byTariff.set(tariff, [...(byTariff.get(tariff) ?? []), walk.id]));
    }
    const shipments: string[] = [];
    const make = async (store: string, orders: string[], mayFail: boolean): Promise<boolean> => {
      const outcome = await this.demo.callback('shipmentSave', { orders, shipment: store === '' ? {} : { store } }, mayFail);
      const id = asText(asObject(outcome['shipment'])['externalId']);
      if (id === undefined) return false;
      shipments.push(id);
      this.demo.line(`  ${store}: shipment ${id} of ${orders.length} orders`);
      return true;
    };
    for (const [store, byTariff] of byStore) {
      const tariffs = [...byTariff.values()];
      if (await make(store, tariffs.flat(), tariffs.length > 1)) continue;
      if (tariffs.length === 1) continue;
      // A module with several carriers ships for one at a time.
      this.demo.line(`  ${store}: refused together, so one shipment for each tariff`);
      for (const orders of tariffs) await make(store, orders, false);
    }
    for (const form of asObjects(this.delivery['plateList']).filter((plate) => plate['type'] === 'shipment')) {
      if (shipments.length > 0) await this.printForm(String(form['code']), { shipments }, `${shipments.length} shipments`);
    }
  }

  private async reportStatuses(walks: readonly Walk[]): Promise<void> {
    if (this.demo.options.operatorToken === undefined) {
      this.demo.title("No statuses: give --operator-token (or OPERATOR_TOKEN) to report some through the module's operator API");
      return;
    }
    const statuses = asObjects(this.delivery['statusList']);
    const usual = statuses
      .filter((status) => status['isError'] !== true && status['isPreprocessing'] !== true)
      .map((status) => String(status['code']));
    const problem = asText(statuses.find((status) => status['isError'] === true)?.['code']);
    this.demo.title(`Reporting statuses of ${walks.length} deliveries through the operator API, in ${STEPS} rounds`);
    for (let round = 0; round < STEPS; round += 1) {
      if (round > 0) await delay(STEP_PAUSE);
      const updatedAt = new Date().toISOString();
      const reports: JsonObject[] = [];
      for (const [index, walk] of walks.entries()) {
        const current = await this.currentStatus(walk);
        const next = usual[usual.indexOf(current) + 1];
        // One delivery has a problem on its way and goes no further. Another gets an old report late.
        const trouble = index === 1 && problem !== undefined;
        const code = trouble ? (round === 1 ? problem : round === 0 ? next : undefined) : next;
        if (code !== undefined) {
          reports.push({ deliveryId: walk.deliveryId, code, updatedAt, comment: `Demo, round ${round + 1}` });
          walk.expected.push(code);
        }
      }
      const first = walks[0];
      if (round === STEPS - 1 && first) {
        const late = usual[1];
        if (late !== undefined)
          reports.push({
            deliveryId: first.deliveryId,
            code: late,
            updatedAt: new Date(Date.now() - 3_600_000).toISOString(),
            comment: 'Demo, a report that comes late',
          });
      }
      if (reports.length > 0) await this.report(reports);
      if (!(await this.arrival(walks))) return;
    }
    await this.checkLate(walks[0]);
  }

  /** The CRM may have the late report, but it must not have moved the delivery back. */
  private async checkLate(walk: Walk | undefined): Promise<void> {
    const last = walk?.expected.at(-1);
    if (walk === undefined || last === undefined) return;
    const status = await this.currentStatus(walk);
    if (status === last) this.demo.line(`  a late report left order ${walk.number} where it is: ${status}`);
    else this.demo.problems.push(`order ${walk.number}: a late report moved it from ${last} to ${status}`);
  }

  private async report(reports: readonly JsonObject[]): Promise<void> {
    const { status, text, json: body } = await this.demo.operator('POST', '/deliveries/statuses', reports);
    if (status !== 200) {
      this.demo.problems.push(`the operator API answered ${status}: ${text.slice(0, 200)}`);
      return;
    }
    this.demo.line(`  ${String(body['accepted'])} of ${reports.length} accepted`);
    for (const rejected of asObjects(body['rejected']))
      this.demo.problems.push(
        `the operator API rejected ${JSON.stringify(reports[asNumber(rejected['index']) ?? -1])}: ${String(rejected['error'])}`,
      );
  }

  /** Waits until tracking has sent all reported statuses. Returns false if it has not. */
  private async arrival(walks: readonly Walk[]): Promise<boolean> {
    let waiting = walks;
    const look = async (): Promise<true | undefined> => {
      for (const walk of waiting) await this.refresh(walk);
      waiting = waiting.filter((walk) => this.missing(walk).length > 0);
      return waiting.length === 0 ? true : undefined;
    };
    if (await this.demo.until(look)) return true;
    for (const walk of waiting)
      this.demo.problems.push(`order ${walk.number}: ${this.demo.after} tracking has not brought ${this.missing(walk).join(', ')}`);
    return false;
  }

  private missing(walk: Walk): string[] {
    return walk.expected.filter((code) => this.codes.get(walk.id)?.includes(code) !== true);
  }

  private async refresh(walk: Walk): Promise<JsonObject | undefined> {
    const order = await this.demo.get(`orders/${walk.id}`);
    const delivery = asObjects(order['deliveries']).findLast((one) => one['deliveryId'] === walk.deliveryId);
    this.codes.set(
      walk.id,
      asObjects(delivery?.['history']).map((status) => String(status['code'])),
    );
    return delivery;
  }

  private async currentStatus(walk: Walk): Promise<string> {
    return asText((await this.refresh(walk))?.['status']) ?? '';
  }

  private async takeBack(walk: Walk | undefined): Promise<void> {
    if (walk?.deliveryId === undefined || asObject(this.delivery['actions'])['delete'] === undefined) return;
    this.demo.title(`Taking back the delivery of order ${walk.number}`);
    const deleted = await this.demo.callback('delete', { order: walk.id });
    if (deleted['ok'] !== true) return;
    const gone = await this.demo.callback('get', { deliveryId: walk.deliveryId }, true);
    if (gone['ok'] === true) this.demo.problems.push(`delivery ${walk.deliveryId} was taken back and the module still answers it as live`);
  }

  private async timeline(): Promise<void> {
    this.demo.title('What the CRM knows of each order');
    for (const walk of this.walks) {
      const order = await this.demo.get(`orders/${walk.id}`);
      const deliveries = asObjects(order['deliveries']);
      this.demo.line(
        `${walk.number} ${String(order['firstName'])} ${String(order['lastName'])}, ${destination(order)}: ${String(order['totalSumm'])} ${String(order['currency'])}`,
      );
      if (deliveries.length === 0) this.demo.line('  no delivery');
      for (const delivery of deliveries) this.demo.lines(historyLines(delivery));
    }
  }

  private facts(): string[] {
    const served = this.walks.filter((walk) => walk.deliveryId !== undefined).length;
    return [`${this.walks.length} orders, ${served} with a delivery, ${this.printed.length} printed forms`, ...this.printed];
  }

  private async printForm(form: string, what: JsonObject, title: string): Promise<void> {
    const outcome = await this.demo.callback('print', { ...what, form });
    const file = asText(outcome['file']);
    if (file === undefined) return;
    let place = `${file} (kept by the sandbox)`;
    if (this.demo.options.out !== undefined) {
      await mkdir(this.demo.options.out, { recursive: true });
      place = join(this.demo.options.out, `${form}.pdf`);
      await writeFile(place, await this.demo.client.file(file));
    }
    this.printed.push(`${form} of ${title}: ${String(outcome['bytes'])} bytes, ${place}`);
    this.demo.line(`  ${form} of ${title}: ${String(outcome['bytes'])} bytes`);
  }

  private get delivery(): JsonObject {
    return this.demo.integration('delivery') ?? {};
  }
}
