import { IsIn, IsNotEmpty, IsOptional, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { Field, NamesAddress, Secret } from '#platform';
import type { ProviderContext } from '#provider-kit';

/** Settings of a connection to the fake carrier. */
export class FakeCarrierSettings {
  /** Where its API is, without a path. */
  @Field({ title: { en: 'API address', es: 'Dirección de la API', ru: 'Адрес API' } })
  @NamesAddress()
  @IsString()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @MaxLength(200)
  baseUrl!: string;

  @Field({ title: { en: 'API key', es: 'Clave de la API', ru: 'Ключ API' } })
  @Secret()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  apiKey!: string;

  /** What the carrier signs its webhooks with. */
  @Field({
    title: { en: 'Webhook secret', es: 'Secreto de los webhooks', ru: 'Секрет вебхуков' },
    hint: {
      en: "From the carrier's account page, 16 characters or more",
      es: 'De la página de la cuenta del transportista, 16 caracteres o más',
      ru: 'Из личного кабинета перевозчика, от 16 символов',
    },
  })
  @Secret()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  webhookSecret!: string;

  /** Missing: as the carrier has it. */
  @Field({ title: { en: 'Sender: name', es: 'Remitente: nombre', ru: 'Отправитель: имя' } })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  senderName?: string;

  @Field({ title: { en: 'Sender: phone', es: 'Remitente: teléfono', ru: 'Отправитель: телефон' } })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  senderPhone?: string;

  /** What the shop has agreed with the carrier. */
  @Field({
    title: { en: 'Contract', es: 'Contrato', ru: 'Договор' },
    choices: {
      full: { en: 'Full', es: 'Completo', ru: 'Полный' },
      prepaid: { en: 'Without cash on delivery', es: 'Sin contra reembolso', ru: 'Без наложенного платежа' },
    },
  })
  @IsIn(['full', 'prepaid'])
  contract: 'full' | 'prepaid' = 'full';
}

/** What each call is given. */
export type FakeCarrierContext = ProviderContext<FakeCarrierSettings>;
