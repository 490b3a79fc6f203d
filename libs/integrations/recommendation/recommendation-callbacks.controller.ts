import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CallbackRecommendationResponse } from '#crm-client/wire';
import { CallbackGuard, type Connection, CurrentConnection, UseConnection } from '#connections';
import { QueryWithLists, RecommendationDto } from './dto/callback.dto.js';
import { CALLBACK_PATHS } from './recommendation.paths.js';
import { RecommendationService } from './recommendation.service.js';

/** The recommendation callback (docs/contract/recommendation.md). */
@ApiTags('recommendation callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
export class RecommendationCallbacksController {
  constructor(private readonly recommendations: RecommendationService) {}

  /** Returns products that are bought together with the given ones. */
  @Get(CALLBACK_PATHS.recommendation)
  @UseConnection('remembered')
  recommend(
    @CurrentConnection() connection: Connection,
    @QueryWithLists('ids', 'externalIds') dto: RecommendationDto,
  ): Promise<CallbackRecommendationResponse> {
    return this.recommendations.recommend(connection, dto);
  }
}
