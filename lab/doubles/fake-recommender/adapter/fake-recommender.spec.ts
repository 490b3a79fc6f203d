import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { providerContext } from '../../../../libs/testing/outside.js';
import { runRecommendationConformance } from '../../../../libs/testing/conformance/index.js';
import { type FakeRecommenderContext, FakeRecommenderSettings } from './fake-recommender.settings.js';
import { type FakeRecommenderCall, FakeRecommender } from '../fake-recommender.js';
import { FakeRecommenderProvider } from './fake-recommender.provider.js';

const makeContext = ({ url, token }: { url: string; token: string }): FakeRecommenderContext =>
  providerContext(getParser(FakeRecommenderSettings).parse({ baseUrl: url, token }));

/** A shop with a teapot, and cups and honey that match it. */
async function startShop(): Promise<FakeRecommender> {
  const double = await FakeRecommender.start();
  double.setProduct({ crmId: '1', shopId: 'teapot' });
  double.setProduct({ crmId: '2', shopId: 'cups' }, ['teapot', 'honey']);
  double.setProduct({ crmId: '3', shopId: 'honey' }, ['teapot']);
  return double;
}

runRecommendationConformance<FakeRecommenderSettings>('Fake Recommender', {
  methods: ['check'],
  start: async () => {
    const double = await startShop();
    const provider = new FakeRecommenderProvider();
    const { settings: wrong } = makeContext({ url: double.url, token: 'another-token' });
    const whileAway = <T>(call: FakeRecommenderCall, work: () => Promise<T>): Promise<T> => {
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

describe('Fake Recommender', () => {
  const provider = new FakeRecommenderProvider();
  let double: FakeRecommender;
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
