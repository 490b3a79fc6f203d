import { IsBoolean, IsIn, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { Field, type Language, type LocalText } from '#platform/plain';
import type { Shop } from './manifest.js';
import type { CaptureMode } from './requests.js';

/** What the account page asks of a shop of a gateway without holds; its own class adds keys and terms. */
export class OneStageShop {
  @Field({
    title: { en: 'Code', es: 'Código', ru: 'Код' },
    hint: {
      en: 'Stands in invoices: do not change it later',
      es: 'Figura en las facturas: no lo cambie después',
      ru: 'Хранится в счетах: не меняйте его потом',
    },
  })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/, { message: 'must be at most 50 Latin letters, digits, dashes and underscores' })
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
}

/** What the account page asks of a shop of any other gateway. */
export class PaymentShop extends OneStageShop implements Shop {
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
}

const SAME_CODE: LocalText = {
  en: 'is the code of another shop too',
  es: 'es también el código de otra tienda',
  ru: 'уже занят другим магазином',
};

const NO_SHOPS: LocalText = {
  en: 'Add a shop with its key: until then no payment can be made',
  es: 'Añada una tienda con su clave: hasta entonces no se puede cobrar',
  ru: 'Добавьте магазин с ключом: до этого оплата невозможна',
};

/** Refuses two shops with one code, because invoices name shops by code; for a manifest's `checkSettings`. */
export function checkShopCodes({ shops }: { shops: readonly OneStageShop[] }, language: Language): Record<string, string> {
  const codes = shops.map(({ code }) => code);
  const repeated = codes.flatMap((code, index) => (codes.indexOf(code) === index ? [] : [[`shops[${index}].code`, SAME_CODE[language]]]));
  return Object.fromEntries(repeated) as Record<string, string>;
}

/** Names what settings without a shop lack; for a manifest's `describeMissing`. */
export function describeMissingShops({ shops }: { shops: readonly unknown[] }): LocalText | undefined {
  return shops.length === 0 ? NO_SHOPS : undefined;
}

/** The shops as the CRM lists them; a manifest's `listShops`. */
export function listShops({ shops }: { shops: readonly (OneStageShop & Partial<Pick<Shop, 'capture'>>)[] }): Shop[] {
  return shops.map(({ code, name, active, capture = 'automatic' }) => ({ code, name, active, capture }));
}
