import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { providerContext } from '#testing';
import { runRecommendationConformance } from '#testing/conformance';
import { type TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { type TemplateCall, TemplateDouble } from './template.double.js';
import { TemplateProvider } from './template.provider.js';

const makeContext = ({ url, token }: { url: string; token: string }): TemplateContext =>
  providerContext(getParser(TemplateSettings).parse({ baseUrl: url, token }));

/** A shop with a teapot, and cups and honey that match it. */
async function startShop(): Promise<TemplateDouble> {
  const double = await new TemplateDouble().listen();
  double.setProduct({ crmId: '1', shopId: 'teapot' });
  double.setProduct({ crmId: '2', shopId: 'cups' }, ['teapot', 'honey']);
  double.setProduct({ crmId: '3', shopId: 'honey' }, ['teapot']);
  return double;
}

runRecommendationConformance<TemplateSettings>('Template Service', {
  methods: ['check'],
  start: async () => {
    const double = await startShop();
    const provider = new TemplateProvider();
    const { settings: wrong } = makeContext({ url: double.url, token: 'another-token' });
    const whileAway = <T>(call: TemplateCall, work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    const question = { by: 'id', products: ['1'], mode: 'related' } as const;
    return {
      provider,
      context: makeContext(double),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileAway('account', work),
      },
      known: {
        mode: 'related',
        products: { id: { product: '1', others: ['2', '3'] }, externalId: { product: 'teapot', others: ['cups', 'honey'] } },
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.recommend(question, { ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway('related', () => provider.recommend(question, given)) },
      ],
      close: () => double.close(),
    };
  },
});

describe('Template Service', () => {
  const provider = new TemplateProvider();
  let double: TemplateDouble;
  beforeEach(async () => {
    double = await startShop();
  });
  afterEach(() => double.close());

  it('names each product once, although it goes with several', async () => {
    const request = { by: 'externalId', products: ['teapot', 'honey'], mode: 'related' } as const;
    expect(await provider.recommend(request, makeContext(double))).toEqual(['cups']);
  });

  it('asks once more when the first answer is lost', async () => {
    double.fail('related', { kind: 'drop-before' });
    const request = { by: 'id', products: ['1'], mode: 'related' } as const;
    expect(await provider.recommend(request, makeContext(double))).toEqual(['2', '3']);
    expect(double.countCalls('related')).toBe(2);
  });
});
