import { type DoubleOptions, ServiceDouble } from '#testing';

interface Product {
  crmId: string;
  shopId: string;
}

const TEXTS = { type: 'array', maxItems: 100, items: { type: 'string' } };
const QUESTION = {
  ...{ type: 'object', additionalProperties: false, required: ['by', 'products', 'list'] },
  properties: { by: { type: 'string', enum: ['crm_id', 'shop_id'] }, products: TEXTS, list: { type: 'string', enum: ['related'] } },
};
const RELATED = {
  ...{ type: 'object', additionalProperties: false, required: ['shopId', 'crmId', 'to'] },
  properties: { shopId: { type: 'string' }, crmId: { type: 'string' }, to: { type: 'array', minItems: 1, items: { type: 'string' } } },
};

/** The service in memory, as its documentation describes it: write here what the real service does. */
export class TemplateDouble extends ServiceDouble {
  private readonly products: Product[] = [];
  /** Shop ids of related products by shop id, best first. */
  private readonly related = new Map<string, string[]>();

  constructor() {
    super('template-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo shop' }) });
    this.route({
      ...{ call: 'related', method: 'POST', path: '/related', body: QUESTION },
      act: ({ body }) => {
        const { by, products } = body as { by: string; products: string[] };
        const name = by === 'crm_id' ? 'crmId' : 'shopId';
        const asked = this.products.filter((product) => products.includes(product[name]));
        const found = asked.flatMap(({ shopId }) => this.related.get(shopId) ?? []);
        return { products: found.flatMap((shopId) => this.products.find((product) => product.shopId === shopId)?.[name] ?? []) };
      },
    });
    this.control('products', RELATED, ({ to, ...product }: Product & { to: string[] }) => this.setProduct(product, to));
  }

  /** Adds a product that goes with others, named by their shop ids. */
  setProduct(product: Product, to: readonly string[] = []): void {
    this.products.push(product);
    for (const shopId of to) this.related.set(shopId, [...(this.related.get(shopId) ?? []), product.shopId]);
  }
}

/** Starts one; `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}
