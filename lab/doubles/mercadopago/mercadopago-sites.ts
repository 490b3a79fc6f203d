/** The differences between the countries. */
export interface MercadoPagoSite {
  /** ISO 3166, two and three letters. */
  country: readonly [string, string];
  currency: string;
  /** Digits after the point that an amount may have. */
  digits: number;
  /** Types of identity documents. */
  documents: readonly string[];
  /** Ways to pay. Their bounds, in the currency, are made up: the service publishes none. */
  methods: readonly { id: string; name: string; payment_type_id: string; min_allowed_amount: number; max_allowed_amount: number }[];
}

function makeSite(facts: string, documents: string, own: string): MercadoPagoSite {
  const [two = '', three = '', currency = '', digits] = facts.split(' ');
  const unit = digits === '0' ? 1_000 : 1;
  const methods = `visa:credit_card master:credit_card amex:credit_card account_money:account_money ${own}`.split(' ').map((one) => {
    const [id = '', payment_type_id = ''] = one.split(':');
    return { id, name: id, payment_type_id, min_allowed_amount: 5 * unit, max_allowed_amount: 10_000_000 * unit };
  });
  return { country: [two, three], currency, digits: Number(digits), documents: documents.split(' '), methods };
}

/** The countries by the code of their site. */
export const SITES = {
  MLA: makeSite('AR ARG ARS 2', 'DNI CUIL CUIT', 'rapipago:ticket pagofacil:ticket'),
  MLB: makeSite('BR BRA BRL 2', 'CPF CNPJ', 'pix:bank_transfer bolbradesco:ticket'),
  MLM: makeSite('MX MEX MXN 2', 'RFC CURP', 'oxxo:ticket clabe:bank_transfer'),
  MLC: makeSite('CL CHL CLP 0', 'RUT', 'khipu:bank_transfer redcompra:debit_card'),
  MCO: makeSite('CO COL COP 0', 'CC NIT CE', 'efecty:ticket pse:bank_transfer'),
  MPE: makeSite('PE PER PEN 2', 'DNI CE RUC', 'pagoefectivo_atm:atm yape:digital_wallet'),
  MLU: makeSite('UY URY UYU 2', 'CI', 'redpagos:ticket abitab:ticket'),
} as const;
export type MercadoPagoSiteCode = keyof typeof SITES;
export const MERCADOPAGO_SITES = Object.keys(SITES) as MercadoPagoSiteCode[];

/** Writes an amount given in minor units. Chile and Colombia use whole pesos. */
export function writeAmount(minor: number, { digits }: MercadoPagoSite): string {
  return (minor / 10 ** digits).toFixed(digits);
}
