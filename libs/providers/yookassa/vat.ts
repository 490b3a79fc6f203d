import type { ExistingPayment } from '#payment/port';
import type { LocalText } from '#platform';
import { isVatRaised } from '#provider-kit';
import { texts } from './yookassa.texts.js';

/** The code that 20 % is sent as: the code for receipts of 2026 and later (22 %), or the code until then. */
export type VatYear = '2025' | '2026';

/** YooKassa's `vat_code` by the CRM's name of a rate. YooKassa may add the rates after `vat120`. */
const VAT_CODES = {
  none: 1,
  vat0: 2,
  vat10: 3,
  vat20: 4,
  vat110: 5,
  vat120: 6,
  vat5: 7,
  vat7: 8,
  vat105: 9,
  vat107: 10,
  vat22: 11,
  vat122: 12,
} as const;

export type VatName = keyof typeof VAT_CODES;
export const VAT_NAMES = Object.keys(VAT_CODES) as VatName[];

/** The new rates since 1 January 2026, by the old ones. */
const RATES_OF_2026: ReadonlyMap<number, number> = new Map([
  [VAT_CODES.vat20, VAT_CODES.vat22],
  [VAT_CODES.vat120, VAT_CODES.vat122],
]);

/** The code of a line's rate. An unknown or missing rate is the shop's own. */
export function toVatCode(name: string | undefined, ownRate: VatName, year: VatYear): number {
  const written = name?.trim().toLowerCase();
  const code = VAT_CODES[isVatName(written) ? written : ownRate];
  return (year === '2026' && RATES_OF_2026.get(code)) || code;
}

/** The year of the rates of a payment, by its time. A shop may keep 20 % unchanged (`raises` is false). */
export function chooseVatYear(made: Date, raises: boolean): VatYear {
  return isVatRaised(made, raises) ? '2026' : '2025';
}

/**
 * The year of the VAT rates that a payment was made with. For a payment from elsewhere, it follows from its
 * time.
 */
export function readVatYear({ memory, createdAt }: ExistingPayment, { raisesVat }: { raisesVat: boolean }): VatYear {
  return memory.vatYear === '2025' || memory.vatYear === '2026' ? memory.vatYear : chooseVatYear(createdAt, raisesVat);
}

/** Returns notes about the rates of 2025, among the codes of a receipt, that are sent as rates of 2026. */
export function noteRaisedVat(codesOf2025: ReadonlySet<number>): string[] {
  return [
    ...(codesOf2025.has(VAT_CODES.vat20) ? ['VAT of 20 % was sent as 22 %, the rate since 2026.'] : []),
    ...(codesOf2025.has(VAT_CODES.vat120) ? ['VAT of 20/120 was sent as 22/122, the rate since 2026.'] : []),
  ];
}

function isVatName(name: string | undefined): name is VatName {
  return name !== undefined && Object.hasOwn(VAT_CODES, name);
}

/** Names of the rates on the settings page. */
export const VAT_TITLES: Readonly<Record<VatName, LocalText>> = texts.vatRates;
