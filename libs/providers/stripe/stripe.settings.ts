import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, Matches, ValidateNested } from 'class-validator';
import { PaymentShop } from '#payment/port';
import { defineProblem, Field, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** A Stripe account that takes payments. */
export class StripeShop extends PaymentShop {
  /** For calls of the API; README has what a restricted key must be allowed. */
  @Field({
    title: { en: 'Secret key', es: 'Clave secreta', ru: 'Секретный ключ' },
    hint: {
      en: 'Stripe, Developers, API keys: begins with sk_, or rk_ for a restricted one',
      es: 'Stripe, Desarrolladores, Claves de API: empieza por sk_, o rk_ si es restringida',
      ru: 'Stripe, Developers, API keys: начинается с sk_, ограниченный – с rk_',
    },
  })
  @Secret()
  @Matches(/^(sk|rk)_[A-Za-z0-9_]{1,250}$/, {
    message: defineProblem({
      en: 'must be a secret or restricted key of Stripe: it begins with sk_ or rk_',
      es: 'debe ser una clave secreta o restringida de Stripe: empieza por sk_ o rk_',
      ru: 'должно быть секретным или ограниченным ключом Stripe: он начинается с sk_ или rk_',
    }),
  })
  secretKey!: string;

  /** What Stripe signs with, for an endpoint made by hand; the secret of our own is remembered by itself. */
  @Field({
    title: { en: 'Signing secret of the webhook', es: 'Secreto de firma del webhook', ru: 'Секрет подписи вебхука' },
    hint: {
      en: 'Only for a webhook that you made by hand in Stripe with this module’s address; begins with whsec_',
      es: 'Solo para un webhook que haya creado a mano en Stripe con la dirección de este módulo; empieza por whsec_',
      ru: 'Только для вебхука, заведённого в Stripe вручную с адресом этого модуля; начинается с whsec_',
    },
  })
  @Secret()
  @IsOptional()
  @Matches(/^whsec_[A-Za-z0-9+/=_-]{4,250}$/, {
    message: defineProblem({
      en: 'must be the signing secret of a webhook endpoint: it begins with whsec_',
      es: 'debe ser el secreto de firma de un endpoint de webhook: empieza por whsec_',
      ru: 'должно быть секретом подписи вебхука: он начинается с whsec_',
    }),
  })
  webhookSecret?: string;
}

/** Settings of a connection to Stripe: its shops, which may share an account. */
export class StripeSettings {
  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' }, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => StripeShop)
  shops!: StripeShop[];
}

/** Whether no money moves with a key. */
export function isTestKey(key: string): boolean {
  return /^.k_test_/.test(key);
}

/** What Stripe's functions receive with each call. */
export type StripeContext = ProviderContext<StripeSettings>;
