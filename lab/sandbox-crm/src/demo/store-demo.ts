import { differenceLines, stockLines } from '../cli/store-output.js';
import data from '../data/demo.json' with { type: 'json' };
import { type JsonObject, asNumber, asObject, asObjects, asText } from '../json.js';
import type { DemoRun } from './demo-run.js';
import { type DemoWarehouse, findWarehouse } from './demo-warehouse.js';

const { store: STORE, goods: GOODS, buyer: BUYER } = data.warehouse;

/**
 * The demo of a warehouse module. For the ledger: imported stock arrives in the CRM, an order reserves a
 * part, another wants too much, goods arrive, the reservation is released, and a wrong figure of the CRM is
 * found. The same for a warehouse with a given double. For any other: the CRM requests stocks, and an order
 * reserves.
 */
export class StoreDemo {
  private readonly offers: JsonObject[] = [];
  private connection = '';
  /** The warehouse with the stock, unless the ledger has it. */
  private warehouse: DemoWarehouse | undefined;

  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    await this.makeOffers();
    if (this.demo.options.operatorToken === undefined) {
      this.demo.title("No stock: give --operator-token (or OPERATOR_TOKEN) to put some in by the module's operator API");
      return this.ask();
    }
    this.connection = (await this.demo.connectionId()) ?? '';
    if (this.demo.options.warehouse !== undefined) {
      this.warehouse = await findWarehouse(this.demo, this.demo.options.warehouse, STORE);
      if (!this.warehouse) return this.askWarehouse();
      await this.fill(this.warehouse);
    } else if (!(await this.import())) return this.askWarehouse();
    await this.reserve();
    await this.change();
    await this.compare();
    return this.ask();
  }

  private async makeOffers(): Promise<void> {
    this.demo.title('New offers in the catalogue');
    // New names in each run, because the module remembers the stock of the last run.
    const run = Date.now().toString(36);
    for (const [index, { name }] of GOODS.entries())
      this.offers.push(await this.demo.post('offers', { name, externalId: `demo-${run}-${index + 1}` }));
    this.demo.lines(stockLines(this.offers));
  }

  /** Imports the stock. Returns false if the module's stock is not kept by the ledger. */
  private async import(): Promise<boolean> {
    this.demo.title("Stock comes in by the module's operator API, and the CRM is told (store/inventories/upload)");
    const lines = GOODS.map(({ quantity, price }, index) => ({ xmlId: this.xmlId(index), store: STORE, quantity, purchasePrice: price }));
    const sent = await this.demo.operator('POST', `/stock/import?connection=${this.connection}`, lines);
    if (sent.status === 404) {
      this.demo.line('  not here: the stock of this module is at its own warehouse');
      return false;
    }
    const report = sent.json;
    if (sent.status !== 200)
      this.demo.problems.push(`the operator API did not take the stock (HTTP ${sent.status}): ${sent.text.slice(0, 300)}`);
    else this.demo.line(`  ${String(report['lines'])} lines, ${String(report['changed'])} of them changed something`);
    for (const [index, { quantity, price }] of GOODS.entries()) await this.arrives(index, quantity, price);
    this.demo.lines(stockLines(await this.read()));
    return true;
  }

  /** Adds the stock to the warehouse's double. The module sends it to the CRM. */
  private async fill(warehouse: DemoWarehouse): Promise<void> {
    this.demo.title(`Goods come in at ${warehouse.url}, and the CRM is told (store/inventories/upload)`);
    for (const [index, { name, quantity, price }] of GOODS.entries()) {
      await warehouse.add({ name, code: this.xmlId(index), price });
      await warehouse.setStock(this.xmlId(index), quantity);
    }
    for (const [index, { quantity, price }] of GOODS.entries()) await this.arrives(index, quantity, price);
    this.demo.lines(stockLines(await this.read()));
  }

  /** Runs the parts that work with any warehouse: its replies, also for unknown goods. */
  private async askWarehouse(): Promise<string[]> {
    const facts = await this.ask();
    if (asObjects(this.demo.integration('store')?.['actions']).some((action) => action['code'] === 'inventoriesActualize')) {
      this.demo.title('An order wants to reserve (inventoriesActualize)');
      const order = await this.order([1]);
      const outcome = await this.demo.callback('inventoriesActualize', { order: order['id'], store: STORE }, true);
      this.demo.line(
        outcome['ok'] === true
          ? `  order ${String(order['number'])} has reserved`
          : `  order ${String(order['number'])} is refused: ${String(outcome['refusal'] ?? outcome['failure'])}`,
      );
    }
    this.demo.lines(['  To see stock, give goods at the warehouse the xmlId of offers of this CRM, and run: npm run sandbox -- stock']);
    return facts;
  }

  private async reserve(): Promise<void> {
    this.demo.title('An order reserves (inventoriesActualize), a second one wants more than there is');
    const order = await this.order([3, 2, 0.25]);
    await this.actualize(order, [2, 18, 7.25]);
    this.demo.lines(stockLines(await this.read()));
    const greedy = await this.order([3]);
    const wanted = { order: greedy['id'], store: STORE };
    const reason = await this.demo.refusal('inventoriesActualize', wanted, '3 samovars were reserved, and there were 2');
    if (reason !== undefined) this.demo.line(`  order ${String(greedy['number'])} wants 3 of 2, and is refused: ${reason}`);
    await this.arrives(0, 2);

    this.demo.title('The second order takes what is left; the first one is sent once more and then cancelled (quantity 0)');
    const rest = await this.demo.callback('inventoriesActualize', { order: greedy['id'], store: STORE, quantity: 2 });
    if (rest['ok'] === true) await this.arrives(0, 0);
    await this.actualize(order, [0, 18, 7.25]);
    const released = await this.demo.callback('inventoriesActualize', { order: order['id'], release: true });
    if (released['ok'] === true) for (const [index, left] of [3, 20, 7.5].entries()) await this.arrives(index, left);
    this.demo.lines(stockLines(await this.read()));
  }

  private async change(): Promise<void> {
    this.demo.title('Four more samovars come in, by a single change');
    if (this.warehouse) {
      await this.warehouse.setStock(this.xmlId(0), 9);
      return this.arrives(0, 7);
    }
    const line = { connection: this.connection, xmlId: this.xmlId(0), store: STORE, quantity: 4 };
    const moved = await this.demo.operator('POST', '/stock/movements', line);
    if (moved.status !== 200) this.demo.problems.push(`the change was not taken (HTTP ${moved.status}): ${moved.text.slice(0, 300)}`);
    else await this.arrives(0, 7);
  }

  /** Gives the CRM a wrong figure. A dry run must report it, and a comparison must send the right one. */
  private async compare(): Promise<void> {
    this.demo.title("Somebody changes the samovars' figure in the CRM; the module compares it with the warehouse's");
    const samovar = asText(this.offers[0]?.['id']) ?? '';
    const wrong = 99;
    const end = Date.now() + this.demo.options.wait;
    let dry: JsonObject;
    let isFound: boolean;
    let isKept: boolean;
    // An update in progress from the warehouse may replace the wrong figure, which is then set again.
    do {
      await this.demo.post(`offers/${samovar}/stocks`, { store: STORE, quantity: wrong });
      dry = await this.reconcile(true);
      isFound = asObjects(dry['differences']).some(({ offer }) => asText(asObject(offer)['id']) === samovar);
      isKept = (await this.readQuantity(0)) === wrong;
    } while (!(isFound && isKept) && Date.now() < end);
    this.demo.lines(differenceLines(dry));
    if (!isFound) this.demo.problems.push('the comparison did not find the changed figure');
    if (!isKept) this.demo.problems.push('a dry run has sent something');
    await this.reconcile(false);
    await this.shows(0, 7);
    if ((await this.readQuantity(0)) === 7) this.demo.line('  the CRM has 7 again');
  }

  private reconcile(dryRun: boolean): Promise<JsonObject> {
    return this.demo.operatorClient.reconcileStocks(this.connection, dryRun, this.demo.options.wait);
  }

  /** Returns the CRM's stock of an offer. */
  private async readQuantity(index: number): Promise<number | undefined> {
    const { stores } = asObject((await this.read())[index]);
    return asNumber(asObjects(stores).find((store) => store['store'] === STORE)?.['quantity']);
  }

  /** Requests the stocks, which must match the module's own uploads. */
  private async ask(): Promise<string[]> {
    this.demo.title('The CRM asks for the stocks (inventoriesUpload)');
    const before = JSON.stringify(await this.read());
    const outcome = await this.demo.callback('inventoriesUpload', { offers: this.offers.map((offer) => offer['id'] ?? null) });
    if (outcome['ok'] !== true) return [];
    const after = await this.read();
    this.demo.lines(stockLines(after));
    if (asNumber(outcome['ignored']) !== 0)
      this.demo.problems.push(`the module told of ${String(outcome['ignored'])} offers that were not asked for`);
    if (JSON.stringify(after) !== before) this.demo.problems.push(`the module had told other stocks by itself: ${before}`);
    return [`${this.offers.length} new offers, of which the module has stock of ${String(outcome['taken'])}`];
  }

  /** Reserves an order's items. The reply and then the module's own upload must contain these balances. */
  private async actualize(order: JsonObject, balances: readonly number[]): Promise<void> {
    const outcome = await this.demo.callback('inventoriesActualize', { order: order['id'], store: STORE });
    if (outcome['ok'] !== true) return;
    this.demo.line(
      `  order ${String(order['number'])} reserves ${asObjects(order['items'])
        .map((item) => `${String(item['quantity'])} ${String(item['productName'])}`)
        .join(', ')}`,
    );
    for (const [index, balance] of balances.entries()) await this.arrives(index, balance);
  }

  private order(quantities: readonly number[]): Promise<JsonObject> {
    const items = quantities.map((quantity, index) => ({
      offer: { id: this.offers[index]?.['id'] },
      productName: GOODS[index]?.name,
      initialPrice: (GOODS[index]?.price ?? 0) * 2,
      purchasePrice: GOODS[index]?.price,
      quantity,
    }));
    return this.demo.post('orders', { ...BUYER, items });
  }

  /** Waits until the module's latest upload contains this stock of an offer, and the CRM has it. */
  private async arrives(index: number, available: number, purchasePrice?: number): Promise<void> {
    if (!this.warehouse) {
      let told: JsonObject | undefined;
      const look = async (): Promise<true | undefined> => {
        told = await this.lastTold(this.xmlId(index));
        return told?.['available'] === available && (purchasePrice === undefined || told['purchasePrice'] === purchasePrice)
          ? true
          : undefined;
      };
      const what = (): string => `${GOODS[index]?.name}: ${this.demo.after} the module has told ${JSON.stringify(told)}, not ${available}`;
      if (!(await this.demo.arrives(look, what))) return;
    }
    await this.shows(index, available);
  }

  /** Waits until the CRM has this figure, by a reply of the module or by its own upload. */
  private async shows(index: number, available: number): Promise<void> {
    let known: number | undefined;
    const look = async (): Promise<true | undefined> => ((known = await this.readQuantity(index)) === available ? true : undefined);
    await this.demo.arrives(look, () => `${GOODS[index]?.name}: ${this.demo.after} the CRM has ${String(known)}, not ${available}`);
  }

  private async lastTold(xmlId: string): Promise<JsonObject | undefined> {
    const entries = asObjects(
      (
        await this.demo.client.get(
          `/exchanges?direction=in&name=store.inventoriesUpload&limit=200&account=${encodeURIComponent(this.demo.client.account)}`,
        )
      )['entries'],
    );
    const stocks = entries
      .filter((entry) => entry['status'] === 200)
      .flatMap((entry) => asObjects(asObject(entry['request'])['offers']))
      .filter((offer) => offer['xmlId'] === xmlId)
      .flatMap((offer) => asObjects(offer['stores']).filter((store) => store['code'] === STORE));
    return stocks.at(-1);
  }

  private async read(): Promise<JsonObject[]> {
    const ids = this.offers.map((offer) => offer['id']);
    const all = asObjects((await this.demo.get('offers'))['offers']);
    return all.filter((offer) => ids.includes(offer['id']));
  }

  private xmlId(index: number): string {
    return asText(this.offers[index]?.['xmlId']) ?? '';
  }
}
