import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Field, type FormSection, type LocalText } from '#platform';

/** Of warehouses: the reference takes stocks of at most so many for an offer. */
export const MOST_STORES = 500;

const UNKNOWN_CALL_POINTS: LocalText = {
  en: 'Codes as the CRM names them; ask its support for those of your account',
  es: 'Códigos tal como los nombra el CRM; pida los de su cuenta al soporte',
  ru: 'Коды, как их называет CRM; список для вашего аккаунта есть у поддержки',
};

/** A warehouse of the CRM's account. */
export class LedgerStore {
  @Field({
    title: { en: 'Code', es: 'Código', ru: 'Код' },
    hint: { en: 'As in the CRM', es: 'Como en el CRM', ru: 'Как в CRM' },
    lookup: 'stores',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  code!: string;

  @Field({
    title: { en: 'The CRM counts', es: 'El CRM cuenta', ru: 'Учёт в CRM' },
    choices: {
      quantity: { en: 'Units', es: 'Unidades', ru: 'Количество' },
      presence: { en: 'Only whether there is any', es: 'Solo si hay existencias', ru: 'Только наличие' },
    },
  })
  @IsIn(['quantity', 'presence'])
  counts: 'quantity' | 'presence' = 'quantity';
}

const STOCK: FormSection = { code: 'stock', title: { en: 'Stock', es: 'Existencias', ru: 'Остатки' } };
const CALLS: FormSection = { code: 'calls', title: { en: 'Calls of the CRM', es: 'Llamadas del CRM', ru: 'Вызовы CRM' } };

/** Settings of a connection of the stock ledger. */
export class LedgerSettings {
  @Field({
    title: { en: 'Sell what is not in stock', es: 'Vender sin existencias', ru: 'Продавать в минус' },
    hint: {
      en: 'Balances may then go below zero; the CRM is told 0',
      es: 'Los saldos pueden entonces ser negativos; al CRM se le indica 0',
      ru: 'Остатки могут стать отрицательными; в CRM передаётся 0',
    },
    section: STOCK,
  })
  @IsBoolean()
  allowNegative: boolean = false;

  @Field({
    title: { en: 'Warehouses', es: 'Almacenes', ru: 'Склады' },
    hint: {
      en: 'Empty: stock is taken for any warehouse. With a list, a code that is not on it is an error.',
      es: 'Vacío: se admiten existencias de cualquier almacén. Con una lista, un código que no esté en ella es un error.',
      ru: 'Пусто: остатки принимаются для любого склада. Если список задан, код не из него — ошибка.',
    },
    section: STOCK,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_STORES)
  @ValidateNested({ each: true })
  @Type(() => LedgerStore)
  stores: LedgerStore[] = [];

  @Field({
    title: { en: 'Main warehouse', es: 'Almacén principal', ru: 'Основной склад' },
    hint: { en: 'Where none is named', es: 'Cuando no se nombra ninguno', ru: 'Если склад не указан' },
    lookup: 'stores',
    section: STOCK,
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  mainStore?: string;

  @Field({
    title: { en: 'When the CRM asks for stock', es: 'Cuándo pide el CRM las existencias', ru: 'Когда CRM запрашивает остатки' },
    hint: UNKNOWN_CALL_POINTS,
    section: CALLS,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  uploadCallPoints: string[] = [];

  @Field({
    title: { en: 'When the CRM reserves', es: 'Cuándo reserva el CRM', ru: 'Когда CRM резервирует' },
    hint: UNKNOWN_CALL_POINTS,
    section: CALLS,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  actualizeCallPoints: string[] = [];
}

/** Warehouse codes must be unique, and the main warehouse must be listed. */
export function checkLedgerSettings(settings: LedgerSettings): Record<string, string> {
  const codes = settings.stores.map((store) => store.code);
  const problems: Record<string, string> = {};
  codes.forEach((code, index) => {
    if (codes.indexOf(code) !== index) problems[`stores[${index}].code`] = 'is the code of another warehouse too';
  });
  if (settings.mainStore && codes.length > 0 && !codes.includes(settings.mainStore))
    problems.mainStore = 'must be one of the warehouses above';
  return problems;
}

/** Whether stock may be kept for a warehouse. */
export function isKnownStore(settings: LedgerSettings, code: string): boolean {
  return settings.stores.length === 0 || settings.stores.some((store) => store.code === code);
}
