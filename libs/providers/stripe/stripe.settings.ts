import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, Matches, ValidateNested } from 'class-validator';
import { PaymentShop } from '#payment/port';
import { Field, Secret } from '#platform';

/** A Stripe account that takes payments. */
export class StripeShop extends PaymentShop {
  /** Calls the API. A restricted key needs to write Checkout Sessions, PaymentIntents, Charges and Refunds. */
  @Field({
    title: { en: 'Secret key', es: 'Clave secreta', ru: 'Секретный ключ' },
    hint: {
      en: 'Stripe, Developers, API keys: begins with sk_, or rk_ for a restricted one',
      es: 'Stripe, Desarrolladores, Claves de API: empieza por sk_, o rk_ si es restringida',
      ru: 'Stripe, Developers, API keys: начинается с sk_, ограниченный – с rk_',
    },
  })
  @Secret()
  @Matches(/^(sk|rk)_[A-Za-z0-9_]{1,250}$/, { message: 'must be a secret or restricted key of Stripe: it begins with sk_ or rk_' })
  secretKey!: string;

  /** What Stripe signs this account's webhooks with. Without it Stripe is only asked from time to time. */
  @Field({
    title: { en: 'Signing secret of the webhook', es: 'Secreto de firma del webhook', ru: 'Секрет подписи вебхука' },
    hint: {
      en: 'Stripe, Developers, Webhooks: of the endpoint with this module’s address; begins with whsec_',
      es: 'Stripe, Desarrolladores, Webhooks: del punto de conexión con la dirección de este módulo; empieza por whsec_',
      ru: 'Stripe, Developers, Webhooks: у адреса этого модуля; начинается с whsec_',
    },
  })
  @Secret()
  @IsOptional()
  @Matches(/^whsec_[A-Za-z0-9+/=_-]{4,250}$/, { message: 'must be the signing secret of a webhook endpoint: it begins with whsec_' })
  webhookSecret?: string;
}

/** Settings of a connection to Stripe: one shop or several, each an account of its own or not. */
export class StripeSettings {
  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' } })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => StripeShop)
  shops!: StripeShop[];
}
