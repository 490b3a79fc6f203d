import { checkText, type ReplyChecks } from '#integration-kit';
import type { RecommendationProvider } from './port/index.js';

/** What recommendation providers return, as the port describes it. */
export const recommendationReplies: ReplyChecks<RecommendationProvider> = {
  recommend: { check: checkText, wrongItems: 'leave-out' },
};
