import { checkShopCodes, listShops, type PaymentManifest } from '#payment/port';
import { firstSteps } from './testpay.first-steps.js';
import { createTestpaySettings, TestpaySettings } from './testpay.settings.js';
import { texts } from './testpay.texts.js';

/** A card with a tick: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Test payments">' +
  '<rect x="4" y="6" width="72" height="48" rx="7" fill="#5b3fb8"/><path d="M4 18h72v9H4z" fill="#2f1f66"/>' +
  '<path d="M12 36h22v5H12zM12 44h14v4H12z" fill="#d9cffa"/><circle cx="76" cy="46" r="16" fill="#1f9d57"/>' +
  '<path d="M68 46l6 6 11-12" fill="none" stroke="#fff" stroke-width="4"/></svg>';

/** Currencies of the countries in which the CRM is used, and currencies with zero and three decimals. */
const CURRENCIES = (
  'RUB USD EUR MXN ARS BRL CLP COP PEN UYU PYG BOB GTQ CRC DOP KZT BYN UAH UZS KGS AMD AZN GEL MDL TJS TMT TRY GBP PLN CZK HUF RON BGN SEK NOK DKK CHF ' +
  'CNY JPY KRW VND INR THB IDR AED SAR ILS KWD BHD OMR JOD TND CAD AUD NZD'
).split(' ');

/** Description of the test gateway. */
export const testpayManifest: PaymentManifest<TestpaySettings> = {
  code: 'testpay',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'ES', 'MX'],
  settings: TestpaySettings,
  firstSteps,
  createDefaultSettings: createTestpaySettings,
  checkSettings: checkShopCodes,
  recovery: { kind: 'local' },
  currencies: CURRENCIES,
  invoiceTypes: ['link'],
  captureModes: ['automatic', 'manual'],
  listShops: (settings) => listShops(settings).map((shop) => ({ ...shop, isTest: true })),
};
