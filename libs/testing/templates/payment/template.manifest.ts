import type { PaymentManifest } from '#payment/port';
import { TemplateSettings } from '../common/template.settings.js';
import { texts } from './template.texts.js';

/**
 * The service's description for the CRM: the module's registration follows from it and the provider's
 * methods.
 */
export const manifest: PaymentManifest<TemplateSettings> = {
  code: 'template',
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="6" y="14" width="52" height="36" rx="5" fill="#0f766e"/><path d="M6 22h52v7H6z" fill="#134e4a"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: TemplateSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () => Object.assign(new TemplateSettings(), { baseUrl: 'http://127.0.0.1:4300', token: 'template-token' }),
  // An invoice sent again with the same reference is the same invoice.
  recovery: { kind: 'idempotency-key' },
  currencies: ['RUB', 'EUR', 'MXN'],
  invoiceTypes: ['link'],
  captureModes: ['automatic'],
  listShops: () => [{ code: 'main', name: 'Template Service', active: true, capture: 'automatic' }],
};
