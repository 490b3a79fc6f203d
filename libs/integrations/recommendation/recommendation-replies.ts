import { checkText, type ReplyChecks } from '#integration-kit';
import type { RecommendationProvider } from './port/index.js';

/** Checks the replies of recommendation providers against the port. */
export const recommendationReplies: ReplyChecks<RecommendationProvider> = {
  recommend: { check: checkText, wrongItems: 'leave-out' },
};
