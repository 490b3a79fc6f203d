import type { RecommendationProvider, RecommendationRequest } from './port/index.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { CallbackRecommendationResponse } from '#crm-client/wire';
import type { Connection } from '#connections';
import { BadInputError } from '#platform';
import type { RecommendationDto } from './dto/callback.dto.js';

/** Answers the recommendation callback. */
@Injectable()
export class RecommendationService {
  constructor(@InjectProviders('recommendation') private readonly providers: Providers<RecommendationProvider>) {}

  /**
   * Recommends products that go with those of the query, named by the field they were asked in (`ids` when
   * both lists came). Throws BadInputError without a list and for a mode that the module does not have.
   */
  async recommend(connection: Connection, dto: RecommendationDto): Promise<CallbackRecommendationResponse> {
    const { modes } = this.providers.getManifest(connection);
    const byId = dto.ids !== undefined && dto.ids.length > 0;
    const products = byId ? dto.ids : dto.externalIds;
    const errors = {
      ...((!products || products.length === 0) && { ids: 'is required (or externalIds)' }),
      ...(!modes.some((mode) => mode.code === dto.mode) && { mode: `must be one of: ${modes.map((mode) => mode.code).join(', ')}` }),
    };
    if (!products || Object.keys(errors).length > 0) throw new BadInputError(errors);
    const by = byId ? 'id' : 'externalId';
    const request: RecommendationRequest = { by, products, mode: dto.mode };
    return { by, ids: await this.providers.call(connection, 'recommend', (provider, context) => provider.recommend(request, context)) };
  }
}
