import { IsNotEmpty, IsString, IsUrl, MaxLength } from 'class-validator';
import { Field, NamesAddress, SECTIONS, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './template.texts.js';

/** Settings of a connection: the account page's form comes from them. */
export class TemplateSettings {
  @Field({ ...texts.settings.baseUrl, section: SECTIONS.connect })
  @NamesAddress()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  @Field({ ...texts.settings.token, section: SECTIONS.connect })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  token!: string;
}

/** The context of each call. */
export type TemplateContext = ProviderContext<TemplateSettings>;
