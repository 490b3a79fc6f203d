import { OneStageShop } from '#payment/port';
import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './mercadopago.texts.js';

const { field, connect } = FIELDS;

/** The lookup of ways to pay that a shop may exclude. */
export const METHODS_LOOKUP = 'paymentMethods';

/** An application of Mercado Pago that takes payments into its seller's account. */
export class MercadoPagoShop extends OneStageShop {
  /** Missing: the account's consent is used. */
  @field.text(texts.shop.accessToken, {
    secret: true,
    optional: true,
    pattern: /^(APP_USR|TEST)-[A-Za-z0-9_-]{1,250}$/,
    problem: texts.problems.accessToken,
  })
  accessToken?: string;

  /** Test credentials begin like live ones, so the shop sets this. The account itself must agree. */
  @field.flag(texts.shop.test) test: boolean = false;
  /** An application has one. Without it webhooks are rejected, and payments are polled. */
  @field.text(texts.shop.webhookSecret, {
    secret: true,
    optional: true,
    pattern: /^[\x21-\x7e]{8,250}$/,
    problem: texts.problems.webhookSecret,
  })
  webhookSecret?: string;

  /** `capture_mode`: `automatic` in place of `automatic_async`. */
  @field.flag(texts.shop.binary) binary: boolean = false;
  /** `expiration_time`. Its maximum is unpublished. */
  @field.integer(texts.shop.expirationDays, { min: 1, max: 90 }) expirationDays: number = 7;
  @field.integer(texts.shop.maxInstallments, { optional: true, min: 1, max: 36 }) maxInstallments?: number;

  @field.choices(Object.keys(texts.types), { ...texts.shop.excludedTypes, choices: texts.types }, { unique: true })
  excludedTypes: string[] = [];

  @field.texts(
    { ...texts.shop.excludedMethods, lookup: METHODS_LOOKUP },
    { maxItems: 50, unique: true, items: { filled: true, maxLength: 50 } },
  )
  excludedMethods: string[] = [];

  /** Mercado Pago's pages and SDK differ on the most characters: 13, or about 10. */
  @field.text(texts.shop.statementDescriptor, {
    optional: true,
    pattern: /^[A-Za-z0-9][A-Za-z0-9 ]{0,9}$/,
    problem: texts.problems.statementDescriptor,
  })
  statementDescriptor?: string;
}

/** Settings of a connection to Mercado Pago: its shops, which may share an application. */
export class MercadoPagoSettings {
  @connect.list(() => MercadoPagoShop, texts.settings.shops, { maxItems: 50 }) shops!: MercadoPagoShop[];
  @connect.integer(texts.settings.callsPerSecond, { min: 1, max: 1_000 }) callsPerSecond: number = 20;
}

/** Whether a shop uses test credentials, by its setting or by their older form. */
export function isTestShop({ accessToken, test }: MercadoPagoShop): boolean {
  return test || isTestToken(accessToken);
}

/** Whether a token is a test one by its beginning, which newer ones do not have. */
export function isTestToken(token: string | undefined): boolean {
  return token?.startsWith('TEST-') ?? false;
}

/** The context of each call of Mercado Pago's functions. */
export type MercadoPagoContext = ProviderContext<MercadoPagoSettings>;
