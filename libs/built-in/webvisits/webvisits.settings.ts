import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { BotSettings } from '#chat/port';
import { defineProblem, Field, type FormSection, NamesAddress, Secret } from '#platform';
import { texts } from './webvisits.texts.js';

const ADDRESS = { protocols: ['https', 'http'], require_protocol: true, require_tld: false };
const HEADER = /^([A-Za-z0-9-]{1,64})?$/;
const NO_HEADER = defineProblem(texts.problems.header);

const SITE = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
const NO_SITE = defineProblem(texts.problems.site);

/** Assigns an address of the site to a shop in the CRM. */
export class SiteCode {
  @Field(texts.siteCode.address)
  @Matches(SITE, { message: NO_SITE })
  address: string = '';

  @Field({ ...texts.siteCode.code, lookup: 'sites' })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  code: string = '';
}

const OWN_SECTIONS = {
  sites: { code: 'sites', title: texts.sections.sites.title },
  visits: { code: 'visits', title: texts.sections.visits.title },
  transport: { code: 'transport', title: texts.sections.transport.title },
} satisfies Record<string, FormSection>;

/** Settings of a connection of the web visits service. */
export class WebvisitsSettings extends BotSettings {
  @Field({ ...texts.settings.sites, section: OWN_SECTIONS.sites })
  @IsArray()
  @ArrayMaxSize(50)
  @Matches(SITE, {
    each: true,
    message: NO_SITE,
  })
  sites: string[] = [];

  @Field({ ...texts.settings.sendVisits, section: OWN_SECTIONS.visits })
  @IsBoolean()
  sendVisits: boolean = false;

  @Field({ ...texts.settings.siteCodes, section: OWN_SECTIONS.sites, itemKey: 'address' })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SiteCode)
  siteCodes: SiteCode[] = [];

  @Field({ ...texts.settings.retentionDays, section: OWN_SECTIONS.visits })
  @IsInt()
  @Min(1)
  @Max(1095)
  retentionDays: number = 90;

  @Field({ ...texts.settings.visitMinutes, section: OWN_SECTIONS.visits })
  @IsInt()
  @Min(1)
  @Max(240)
  visitMinutes: number = 30;

  @Field({ ...texts.settings.keepQuery, section: OWN_SECTIONS.visits })
  @IsBoolean()
  keepQuery: boolean = true;

  @Field({ ...texts.settings.linkKey, section: OWN_SECTIONS.sites })
  @IsOptional()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  @Secret()
  linkKey?: string;

  @Field({ ...texts.settings.countryHeader, section: OWN_SECTIONS.visits })
  @Matches(HEADER, { message: NO_HEADER })
  countryHeader: string = '';

  @Field({ ...texts.settings.cityHeader, section: OWN_SECTIONS.visits })
  @Matches(HEADER, { message: NO_HEADER })
  cityHeader: string = '';

  @Field({ ...texts.settings.transportActive, section: OWN_SECTIONS.transport })
  @IsBoolean()
  transportActive: boolean = true;

  @Field({ ...texts.settings.transportToken, section: OWN_SECTIONS.transport })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Secret()
  transportToken?: string;

  @Field({ ...texts.settings.transportWebhookUrl, section: OWN_SECTIONS.transport })
  @NamesAddress()
  @IsOptional()
  @IsUrl(ADDRESS)
  @MaxLength(500)
  transportWebhookUrl?: string;

  @Field({ ...texts.settings.transportEndpointUrl, section: OWN_SECTIONS.transport })
  @NamesAddress()
  @IsOptional()
  @IsUrl(ADDRESS)
  @MaxLength(500)
  transportEndpointUrl?: string;
}

/** Finds the code of the CRM's shop for an address such as `https://shop.example`. */
export function getSiteCode({ siteCodes }: Pick<WebvisitsSettings, 'siteCodes'>, address: string): string | undefined {
  return siteCodes.find((site) => site.address === address)?.code;
}
