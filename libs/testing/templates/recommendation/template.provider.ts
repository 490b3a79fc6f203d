import { IsArray, IsString } from 'class-validator';
import type { CheckReport } from '#provider-kit';
import type { RecommendationProvider, RecommendationRequest } from '#recommendation/port';
import { checkAccount } from '../common/check.js';
import { TemplateClient } from '../common/template.client.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';

class WireProducts {
  /** Best first. */
  @IsArray() @IsString({ each: true }) products!: string[];
}

/** The service as a recommendation provider. */
export class TemplateProvider implements RecommendationProvider<TemplateSettings> {
  readonly manifest = manifest;
  private readonly client = new TemplateClient();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return checkAccount(this.client, context);
  }

  /** A search changes nothing, although it is a POST. */
  async recommend({ by, products, mode }: RecommendationRequest, context: TemplateContext): Promise<string[]> {
    const json = { by: by === 'id' ? 'crm_id' : 'shop_id', products, list: mode };
    const found = await this.client.read(WireProducts, { method: 'POST', path: '/related', json, effect: false }, context);
    const asked = new Set(products);
    return [...new Set(found.products)].filter((product) => !asked.has(product));
  }
}
