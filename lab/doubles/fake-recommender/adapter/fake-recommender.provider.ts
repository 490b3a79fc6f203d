import { type CheckReport, isAuth, sayError } from '#provider-kit';
import type { RecommendationProvider, RecommendationRequest } from '#recommendation/port';
import { readAccount, findRelated } from './fake-recommender.api.js';
import type { FakeRecommenderContext, FakeRecommenderSettings } from './fake-recommender.settings.js';
import { manifest } from './fake-recommender.manifest.js';

/** The fake recommender as a recommendation provider. */
export class FakeRecommenderProvider implements RecommendationProvider<FakeRecommenderSettings> {
  readonly manifest = manifest;

  async check(_settings: FakeRecommenderSettings, context: FakeRecommenderContext): Promise<CheckReport> {
    try {
      return { account: (await readAccount(context)).name };
    } catch (error) {
      if (!isAuth(error)) throw error;
      return { errors: { token: sayError(error, context.account.language) } };
    }
  }

  async recommend({ by, products, mode }: RecommendationRequest, context: FakeRecommenderContext): Promise<string[]> {
    const json = { by: by === 'id' ? 'crm_id' : 'shop_id', products, list: mode };
    const found = await findRelated(context, { json });
    const asked = new Set(products);
    return [...new Set(found.products)].filter((product) => !asked.has(product));
  }
}
