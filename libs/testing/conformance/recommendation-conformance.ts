import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CRM_LANGUAGES } from '#platform/plain';
import type { ProviderContext } from '#provider-kit';
import type { ProductField, RecommendationProvider } from '#recommendation/port';
import {
  type ExpectedFailure,
  isProviderMethod,
  type ProviderMethod,
  type ProviderSubject,
  testFailures,
  testProvider,
  type ConformanceOptions,
} from './provider-conformance.js';

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
    let provider: RecommendationProvider<S>;
    let context: ProviderContext<S>;

    beforeAll(async () => {
      subject = await options.start();
      ({ provider, context } = subject);
    });
    afterAll(() => subject?.close?.());

    testProvider(
      (method: ProviderMethod) => options.methods.includes(method),
      () => subject,
      options,
    );

    it('has modes with names in three languages, and no other methods than it is said to have', () => {
      const { modes, scopes } = provider.manifest;
      expect(modes.length).toBeGreaterThan(0);
      expect(new Set(modes.map(({ code }) => code)).size).toBe(modes.length);
      for (const { code, name: title } of modes) {
        expect(code).toMatch(/^\S{1,255}$/);
        for (const language of CRM_LANGUAGES) expect(title[language]).toMatch(/\S/);
      }
      for (const scope of scopes) expect(scope).toMatch(/^[a-z_]+$/);
      expect(options.methods.filter((method) => !isProviderMethod(method))).toEqual([]);
      expect(typeof provider.manifest.addDefaultModes(context.settings)).toBe('boolean');
    });

    it.each(FIELDS)('recommends products by their %s, without the one that was asked', async (by) => {
      const { mode, products } = subject.known;
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

    it.each(FIELDS)('ignores products it does not know, by their %s', async (by) => {
      const { mode, products } = subject.known;
      const { product, others } = products[by];
      const odd = by === 'id' ? ODD_PRODUCTS.filter((one) => /^\d{1,18}$/.test(one)) : ODD_PRODUCTS;
      expect(await provider.recommend({ by, products: [...odd, product, product], mode }, context)).toEqual(others);
      expect(await provider.recommend({ by, products: odd, mode }, context)).toEqual([]);
    });

    it('answers every mode', async () => {
      const { product } = subject.known.products.id;
      for (const { code } of provider.manifest.modes)
        expect(Array.isArray(await provider.recommend({ by: 'id', products: [product], mode: code }, context))).toBe(true);
    });

    testFailures(() => ({ ...subject, isLocal: subject.failures === undefined }));
  });
}
