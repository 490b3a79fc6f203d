import { CRM_MODES, type RecommendationProvider, type RecommendationRequest } from './port/index.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { CallbackRecommendationResponse } from '#crm-client/wire';
import type { Connection } from '#connections';
import { BadInputError } from '#platform';
import type { RecommendationDto } from './dto/callback.dto.js';

/** Serves the recommendation callback. */
@Injectable()
export class RecommendationService {
  constructor(@InjectProviders('recommendation') private readonly providers: Providers<RecommendationProvider>) {}

  /**
   * Recommends products for the products in the query, identified by the same field (`ids` if both lists are
   * present). Throws BadInputError if there is no list, or if the module does not have the mode.
   */
  async recommend(connection: Connection, dto: RecommendationDto): Promise<CallbackRecommendationResponse> {
    const manifest = this.providers.getManifest(connection);
    const own = manifest.modes.map(({ code }) => code);
    const modes = manifest.addDefaultModes(connection.settings) ? [...new Set([...own, ...CRM_MODES])] : own;
    const byId = dto.ids !== undefined && dto.ids.length > 0;
    const products = byId ? dto.ids : dto.externalIds;
    const errors = {
      ...((!products || products.length === 0) && { ids: 'is required (or externalIds)' }),
      ...(!modes.includes(dto.mode) && { mode: `must be one of: ${modes.join(', ')}` }),
    };
    if (!products || Object.keys(errors).length > 0) throw new BadInputError(errors);
    const by = byId ? 'id' : 'externalId';
    const request: RecommendationRequest = { by, products, mode: dto.mode };
    return { by, ids: await this.providers.call(connection, 'recommend', (provider, context) => provider.recommend(request, context)) };
  }
}
