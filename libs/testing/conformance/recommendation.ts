import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import type { ProductField, RecommendationProvider } from '#recommendation/port';
import {
  type ExpectedFailure,
  isProviderMethod,
  type ProviderSubject,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider/index.js';

/** Methods a recommendation provider may lack. */
export type OptionalRecommendationMethod = Exclude<keyof RecommendationProvider, 'manifest' | 'recommend'>;

/** Facts that the suite needs before it runs. */
export type RecommendationConformanceOptions<S extends object> = ConformanceOptions<OptionalRecommendationMethod, RecommendationSubject<S>>;

/** The provider under test, and products that it knows. */
export interface RecommendationSubject<S extends object> extends ProviderSubject<S> {
  readonly provider: RecommendationProvider<S>;
  /** A mode, a product, and its recommended products, by the field: at least one product. */
  readonly known: {
    readonly mode: string;
    readonly products: Readonly<Record<ProductField, { product: string; others: readonly string[] }>>;
  };
  /** At least wrong credentials and an outage. Missing for built-in providers. */
  readonly failures?: readonly ExpectedFailure<S>[];
  close?(): Promise<void>;
}

const FIELDS: readonly ProductField[] = ['id', 'externalId'];
const ODD_PRODUCTS = ['0', '-1', '99999999999999999999', '1.5', 'abc', '', "'; DROP TABLE x; --", '__proto__'];

/** Tests the requirements for every recommendation provider. Run it in the provider's spec. */
export function runRecommendationConformance<S extends object>(name: string, options: RecommendationConformanceOptions<S>): void {
  describe(`${name} as a recommendation provider`, () => {
    let subject: RecommendationSubject<S>;
    const getSubject = (): RecommendationSubject<S> => subject;

    beforeAll(async () => {
      subject = await options.start();
    });
    afterAll(() => subject?.close?.());

    testProvider((method) => options.methods.includes(method), getSubject, options);
    testManifest(options.methods, getSubject);
    testProducts(getSubject);
    testFailures(() => ({ ...subject, isLocal: subject.failures === undefined }));
  });
}

/** Tests modes, scopes and methods. */
function testManifest<S extends object>(methods: readonly string[], getSubject: () => RecommendationSubject<S>): void {
  it('has modes with names in three languages, valid scopes, and only the methods that options.methods lists', () => {
    const { provider, context } = getSubject();
    const { modes, scopes } = provider.manifest;
    expect(modes.length).toBeGreaterThan(0);
    expect(new Set(modes.map(({ code }) => code)).size).toBe(modes.length);
    for (const { code, name: title } of modes) {
      expect(code).toMatch(/^\S{1,255}$/);
      for (const language of CRM_LANGUAGES) expect(title[language]).toMatch(/\S/);
    }
    for (const scope of scopes) expect(scope).toMatch(/^[a-z_]+$/);
    expect(methods.filter((method) => !isProviderMethod(method))).toEqual([]);
    expect(typeof provider.manifest.addDefaultModes(context.settings)).toBe('boolean');
  });
}

/** Tests the recommended products. */
function testProducts<S extends object>(getSubject: () => RecommendationSubject<S>): void {
  it.each(FIELDS)('recommends products by their %s, without the products of the request', async (by) => {
    const { provider, context, known } = getSubject();
    const { mode, products } = known;
    const { product, others } = products[by];
    const found = await provider.recommend({ by, products: [product], mode }, context);
    expect(found).toEqual(others);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found).size).toBe(found.length);
    expect(found).not.toContain(product);
    // A product that is also in the request is removed from the reply.
    const [best = ''] = others;
    expect(await provider.recommend({ by, products: [product, best], mode }, context)).not.toContain(best);
  });

  it.each(FIELDS)('ignores unknown products, by their %s', async (by) => {
    const { provider, context, known } = getSubject();
    const { mode, products } = known;
    const { product, others } = products[by];
    const odd = by === 'id' ? ODD_PRODUCTS.filter((one) => /^\d{1,18}$/.test(one)) : ODD_PRODUCTS;
    expect(await provider.recommend({ by, products: [...odd, product, product], mode }, context)).toEqual(others);
    expect(await provider.recommend({ by, products: odd, mode }, context)).toEqual([]);
  });

  it('returns a list for every mode', async () => {
    const { provider, context, known } = getSubject();
    const { product } = known.products.id;
    for (const { code } of provider.manifest.modes) {
      const list = await provider.recommend({ by: 'id', products: [product], mode: code }, context);
      expect({ code, list }).toEqual({ code, list: expect.any(Array) });
    }
  });
}
