import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import type { CaptureMode } from '#payment/port';
import { Field, type Language, type LocalText, Secret } from '#platform';

/** A shop of the test gateway: it takes no money of anybody's. */
export class TestpayShop {
  @Field({
    title: { en: 'Code', es: 'Código', ru: 'Код' },
    hint: {
      en: 'Stands in invoices: do not change it later',
      es: 'Figura en las facturas: no lo cambie después',
      ru: 'Хранится в счетах: не меняйте его потом',
    },
  })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/, { message: 'must be 1 to 50 Latin letters, digits, dashes and underscores' })
  code!: string;

  @Field({
    title: { en: 'Name', es: 'Nombre', ru: 'Название' },
    hint: { en: 'The buyer sees it', es: 'Lo ve el comprador', ru: 'Его видит покупатель' },
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  name!: string;

  @Field({ title: { en: 'Takes payments', es: 'Acepta pagos', ru: 'Принимает оплату' } })
  @IsBoolean()
  active: boolean = true;

  @Field({
    title: { en: 'Stages', es: 'Etapas', ru: 'Стадийность' },
    choices: {
      automatic: { en: 'One: the money is taken at once', es: 'Una: el dinero se cobra al instante', ru: 'Одна: деньги списываются сразу' },
      manual: {
        en: 'Two: the money is held until you confirm',
        es: 'Dos: el dinero se retiene hasta que confirme',
        ru: 'Две: деньги удерживаются до подтверждения',
      },
    },
  })
  @IsIn(['automatic', 'manual'])
  capture: CaptureMode = 'automatic';

  @Field({ title: { en: 'A hold lasts', es: 'La retención dura', ru: 'Срок удержания' }, unit: { en: 'hours', es: 'horas', ru: 'часов' } })
  @IsInt()
  @Min(1)
  @Max(720)
  holdHours: number = 168;
}

/** Settings of a connection of the test gateway. */
export class TestpaySettings {
  @Field({ title: { en: 'Shops', es: 'Tiendas', ru: 'Магазины' } })
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
  })
  @IsOptional()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  @Secret()
  webhookSecret?: string;
}

/** What a new connection starts with: one shop of one stage. */
export function newTestpaySettings(): TestpaySettings {
  return { shops: [{ code: 'main', name: 'Test shop', active: true, capture: 'automatic', holdHours: 168 }] };
}

const SAME_CODE: LocalText = {
  en: 'is the code of another shop too',
  es: 'es también el código de otra tienda',
  ru: 'уже занят другим магазином',
};

/** Two shops of one code cannot be told apart. */
export function checkTestpaySettings(settings: TestpaySettings, language: Language): Record<string, string> {
  const problems: Record<string, string> = {};
  settings.shops.forEach((shop, index) => {
    if (settings.shops.findIndex((other) => other.code === shop.code) !== index) problems[`shops[${index}].code`] = SAME_CODE[language];
  });
  return problems;
}
