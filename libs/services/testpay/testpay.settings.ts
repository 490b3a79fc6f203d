import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { PaymentShop } from '#payment/port';
import { Field, type FormSection, SECTIONS, Secret } from '#platform';

/** A shop of the test gateway: it takes no money of anybody's. */
export class TestpayShop extends PaymentShop {
  @Field({ title: { en: 'A hold lasts', es: 'La retención dura', ru: 'Срок удержания' }, unit: { en: 'hours', es: 'horas', ru: 'часов' } })
  @IsInt()
  @Min(1)
  @Max(720)
  holdHours: number = 168;
}

const SHOPS: FormSection = { code: 'shops', title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' } };

/** Settings of a connection of the test gateway. */
export class TestpaySettings {
  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' }, section: SHOPS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => TestpayShop)
  shops!: TestpayShop[];

  @Field({
    title: { en: 'Key of webhook signatures', es: 'Clave de las firmas de webhooks', ru: 'Ключ подписи вебхуков' },
    hint: {
      en: 'Empty: a key of the server is used. Set one to sign webhooks of your own in tests.',
      es: 'Vacío: se usa una clave del servidor. Ponga una para firmar sus propios webhooks en pruebas.',
      ru: 'Пусто: используется ключ сервера. Задайте свой, чтобы подписывать вебхуки в тестах.',
    },
    section: SECTIONS.connect,
  })
  @IsOptional()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  @Secret()
  webhookSecret?: string;
}

/** What a new connection starts with: one shop of one stage. */
export function createTestpaySettings(): TestpaySettings {
  return { shops: [{ code: 'main', name: 'Testpay', active: true, capture: 'automatic', holdHours: 168 }] };
}
