import { IsIn, IsOptional, IsUrl, Matches } from 'class-validator';

/** Settings of the operator's for WhatsApp. */
export class WhatsAppEnvironment {
  /** Meta's Graph API, without a version. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) WHATSAPP_URL?: string;

  /** Id of the partner's app at Meta, for shops without an app. */
  @IsOptional() @Matches(/^\d{5,25}$/) WHATSAPP_APP_ID?: string;

  /** The secret of this app, which signs its webhooks. */
  @IsOptional() @Matches(/^[0-9a-f]{32}$/) WHATSAPP_APP_SECRET?: string;

  /**
   * How a number's limit is reported to the CRM, which describes no unit: new customers a day (`customers`,
   * default), or Meta's level from 0 (`level`).
   */
  @IsOptional() @IsIn(['customers', 'level']) WHATSAPP_TIER?: TierUnit;
}

/** Unit of a number's limit. */
export type TierUnit = 'customers' | 'level';
