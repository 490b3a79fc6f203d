import { recommendationLines } from '../cli/recommendation-output.js';
import data from '../data/demo.json' with { type: 'json' };
import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import type { DemoRun } from './demo-run.js';

const { asked: ASKED, analog: ANALOG, products: PRODUCTS, baskets: BASKETS, buyer: BUYER } = data.recommendation;

/**
 * The recommendation demo: orders that share products, then recommendations. Recommendations of the
 * co-purchase service are compared with the demo's own count. Any other module is called once in each of its
 * modes.
 */
export class RecommendationDemo {
  private readonly offers = new Map<string, JsonObject>();

  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    await this.makeProducts();
    await this.makeOrders();
    const isRead = await this.haveRead();
    if (isRead === undefined) return this.askModes();
    this.demo.title('What goes with a product (buying_with): lift, so the product that everybody buys is not the first');
    const together = await this.recommend([ASKED], 'buying_with', 'id');
    if (isRead) await this.compare(together);
    await this.recommend(['demo-tea-green', 'demo-gingerbread'], 'buying_with', 'externalId');
    this.demo.title('What is like it (analogs): of the same group, near in price, bought by others');
    const analogs = await this.recommend([ASKED], 'analogs', 'externalId');
    if (isRead && analogs[0]?.['externalId'] !== ANALOG)
      this.demo.problems.push('the analog of the coal samovar should be the electric one: of its group, near in price');
    return [
      `${BASKETS.length} orders of ${PRODUCTS.length} products; bought with one of them: ${together.length}, like it: ${analogs.length}`,
    ];
  }

  /** Creates the products, or reuses them from an earlier run, because a shop's orders accumulate too. */
  private async makeProducts(): Promise<void> {
    this.demo.title('Products and orders of the catalogue');
    const known = asObjects((await this.demo.get('offers'))['offers']);
    for (const product of PRODUCTS) {
      const { externalId } = product;
      const offer = known.find((one) => one['externalId'] === externalId) ?? (await this.demo.post('offers', product));
      this.offers.set(externalId, offer);
    }
    this.demo.line(`  ${PRODUCTS.map(({ name }) => name).join(', ')}`);
  }

  private async makeOrders(): Promise<void> {
    for (const basket of BASKETS) {
      const items = basket.map((externalId) => {
        const { id, name, price } = this.offers.get(externalId) ?? {};
        return { offer: { id }, productName: name, initialPrice: price, quantity: 1 };
      });
      const order = await this.demo.post('orders', { ...BUYER, items });
      this.demo.line(`  order ${String(order['number'])}: ${items.map((item) => String(item.productName)).join(', ')}`);
    }
  }

  private async askModes(): Promise<string[]> {
    const modes = asObjects(this.demo.integration('recommendation')?.['modes']).map((mode) => String(mode['code']));
    let found = 0;
    for (const mode of modes) {
      this.demo.title(`What the module recommends in its mode ${mode}`);
      found += (await this.recommend([ASKED], mode, 'id')).length;
      await this.recommend([ASKED], mode, 'externalId');
    }
    return [`${modes.length} modes, ${found} products recommended`];
  }

  /**
   * Makes the co-purchase service read the account now by its operator API. Returns false if that failed,
   * undefined for another module.
   */
  private async haveRead(): Promise<boolean | undefined> {
    if (this.demo.options.operatorToken === undefined) {
      this.demo.title('The module reads the orders at its time: give --operator-token (or OPERATOR_TOKEN) to have them read now');
      return false;
    }
    this.demo.title('The module reads the history of orders and the products, and counts');
    const path = `/copurchase/${(await this.demo.connectionId()) ?? ''}`;
    const asked = await this.demo.operator('POST', `${path}/read`);
    if (asked.status === 404) {
      this.demo.line('  not here: the module knows by itself what goes together');
      return undefined;
    }
    if (asked.status !== 202) {
      this.demo.problems.push(`the operator API does not have the account read (HTTP ${asked.status}): ${asked.text.slice(0, 300)}`);
      return false;
    }
    let state: JsonObject = {};
    const look = async (): Promise<JsonObject | undefined> => {
      state = (await this.demo.operator('GET', path)).json;
      return state['pending'] === false && asText(state['lastError']) === undefined ? state : undefined;
    };
    const why = (): string => asText(state['lastError'])?.replace(/^/, ': ') ?? '';
    if (!(await this.demo.arrives(look, () => `${this.demo.after} the module has not read the account${why()}`))) return false;
    this.demo.line(
      `  ${String(state['orders'])} orders, ${String(state['products'])} products, ${String(state['ordersCounted'])} orders counted`,
    );
    return true;
  }

  private async recommend(externalIds: readonly string[], mode: string, by: 'id' | 'externalId'): Promise<JsonObject[]> {
    const outcome = await this.demo.callback('recommendation', { products: [...externalIds], mode, by });
    if (outcome['ok'] !== true) return [];
    this.demo.lines(recommendationLines(outcome));
    return asObjects(outcome['products']);
  }

  /** Checks that the first one has the highest lift, by the demo's count of pairs in at least two orders. */
  private async compare(recommended: readonly JsonObject[]): Promise<void> {
    const orders = asObjects((await this.demo.get('orders'))['orders']);
    const offerIds = new Map([...this.offers].map(([externalId, offer]) => [asText(offer['id']), externalId]));
    const baskets = orders.map(
      (order) => new Set(asObjects(order['items']).map((item) => offerIds.get(asText(asObject(item['offer'])['id'])))),
    );
    const count = (...ids: string[]): number => baskets.filter((basket) => ids.every((id) => basket.has(id))).length;
    const [best] = [...this.offers.keys()]
      .filter((id) => id !== ASKED && count(ASKED, id) >= 2)
      .map((id) => ({ id, together: count(ASKED, id), lift: (count(ASKED, id) * baskets.length) / (count(ASKED) * count(id)) }))
      .sort((one, other) => other.lift - one.lift || other.together - one.together);
    const first = asText(recommended[0]?.['externalId']);
    if (best?.id !== first)
      this.demo.problems.push(`buying_with begins with ${first ?? 'nothing'}; by the orders it should be ${best?.id ?? 'nothing'}`);
    else this.demo.line(`  the demo counts the same: bought together in ${String(best?.together)} orders`);
  }
}
