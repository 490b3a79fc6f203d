import { Injectable } from '@nestjs/common';
import type { RecommendationProvider, RecommendationRequest } from '#recommendation/port';
import type { ProviderContext } from '#provider-kit';
import { copurchaseManifest } from './copurchase.manifest.js';
import { CopurchaseRanking } from './copurchase-ranking.js';
import type { CopurchaseSettings } from './copurchase.settings.js';

/** Recommendations from the account's own orders and products, by the latest counts. */
@Injectable()
export class CopurchaseProvider implements RecommendationProvider<CopurchaseSettings> {
  readonly manifest = copurchaseManifest;

  constructor(private readonly ranking: CopurchaseRanking) {}

  recommend(request: RecommendationRequest, context: ProviderContext<CopurchaseSettings>): Promise<string[]> {
    return request.mode === 'analogs'
      ? this.ranking.findAnalogs(context.connectionId, request, context.settings)
      : this.ranking.findBoughtWith(context.connectionId, request, context.settings);
  }

  isUsed({ connectionId }: ProviderContext<CopurchaseSettings>): Promise<boolean> {
    return this.ranking.hasOrders(connectionId);
  }
}
