import { type CheckReport, list, shape, text } from '#provider-kit';
import type { RecommendationProvider, RecommendationRequest } from '#recommendation/port';
import { declareCheck } from '../common/check.js';
import { openService } from '../common/template.api.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';

const service = openService();
const check = declareCheck(service);
/** The best product first. */
const findRelated = service.ask('POST /related', shape({ products: list(text) }));

/** The service as a recommendation provider. */
export class TemplateProvider implements RecommendationProvider<TemplateSettings> {
  readonly manifest = manifest;

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return check(context);
  }

  async recommend({ by, products, mode }: RecommendationRequest, context: TemplateContext): Promise<string[]> {
    const json = { by: by === 'id' ? 'crm_id' : 'shop_id', products, list: mode };
    const found = await findRelated(context, { json });
    const asked = new Set(products);
    return [...new Set(found.products)].filter((product) => !asked.has(product));
  }
}
