import { asList } from '../json.js';
import type { ModuleReply } from './module-http.js';
import { type Judgement, judgeBody, typeViolations } from './reply-check.js';

/**
 * Checks a recommendation reply (it has no `success`): its type, and distinct products by the requested field
 * without the requested products. Without `by`, only the type and the two fields.
 */
export function judgeRecommendation(reply: ModuleReply, by: 'id' | 'externalId' | undefined, asked: readonly string[]): Judgement {
  return judgeBody(reply, (body) => {
    const violations = typeViolations(body, 'CallbackRecommendationResponse');
    if (body['by'] !== 'id' && body['by'] !== 'externalId')
      violations.push(`by: must be id or externalId, not ${JSON.stringify(body['by'])}`);
    else if (by !== undefined && body['by'] !== by) violations.push(`by: must be the field that was asked in, ${by}`);
    if (!Array.isArray(body['ids'])) violations.push('ids: is required, a list');
    const ids = asList(body['ids']).map(String);
    ids.forEach((id, index) => {
      if (ids.indexOf(id) !== index) violations.push(`ids[${index}]: "${id}" is there twice`);
      if (asked.includes(id)) violations.push(`ids[${index}]: "${id}" was asked for and cannot be recommended`);
    });
    return violations;
  });
}
