import { defineIntegration } from '#integration-kit';
import { recommendationReplies } from './recommendation-replies.js';
import type { RecommendationProvider } from './port/index.js';
import { RecommendationCallbacksController } from './recommendation-callbacks.controller.js';
import { RecommendationRegistration } from './recommendation.registration.js';
import { RecommendationService } from './recommendation.service.js';

/** The recommendation integration. It stores nothing. Its providers store their data. */
export const recommendation = defineIntegration<RecommendationProvider>({
  code: 'recommendation',
  replies: recommendationReplies,
  controllers: [RecommendationCallbacksController],
  services: [RecommendationService],
  registration: RecommendationRegistration,
  entities: [],
  migrations: [],
});
