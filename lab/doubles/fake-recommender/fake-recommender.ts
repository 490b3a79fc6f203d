import { Double, type DoubleOptions, hand, list, object, oneOf, text, type WireCall } from '../../../libs/testing/double/index.js';

const texts = list(text(), 0, 100);
const question = object({ by: oneOf('crm_id', 'shop_id'), products: texts, list: oneOf('related') });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'related', method: 'POST', path: '/related', body: question, reply: object({ products: list(text()) }) },
] as const satisfies readonly WireCall[];
export type FakeRecommenderCall = (typeof WIRE)[number]['call'];

interface Product {
  crmId: string;
  shopId: string;
}

/** A source of recommendations in memory, for products that a test relates. */
export class FakeRecommender extends Double<typeof WIRE> {
  private readonly products: Product[] = [];
  /** Shop ids of related products by shop id, best first. */
  private readonly related = new Map<string, string[]>();

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: DoubleOptions = {}): Promise<FakeRecommender> {
    return new FakeRecommender().listen(options);
  }

  private constructor() {
    super({ wire: WIRE, token: 'fake-recommender-token' });
    this.serve({
      account: () => ({ name: 'Demo shop' }),
      related: ({ body: { by, products } }) => {
        const name = by === 'crm_id' ? 'crmId' : 'shopId';
        const asked = this.products.filter((product) => products.includes(product[name]));
        const found = asked.flatMap(({ shopId }) => this.related.get(shopId) ?? []);
        return { products: found.flatMap((shopId) => this.products.find((product) => product.shopId === shopId)?.[name] ?? []) };
      },
    });
  }

  /** Adds a product that is related to others, named by their shop ids. */
  setProduct(product: Product, to: readonly string[] = []): void {
    this.products.push(product);
    for (const shopId of to) this.related.set(shopId, [...(this.related.get(shopId) ?? []), product.shopId]);
  }

  /** `POST /control/products`, for a double started by hand. */
  protected override listHands() {
    const product = object({ shopId: text(), crmId: text(), to: list(text(), 1) });
    return { products: hand(product, ({ to, ...one }) => this.setProduct(one, to)) };
  }
}
