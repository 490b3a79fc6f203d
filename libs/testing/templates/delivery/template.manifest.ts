import type { DeliveryManifest } from '#delivery/port';
import { TemplateSettings } from '../common/template.settings.js';
import { STATUSES } from './template.statuses.js';
import { texts } from './template.texts.js';

/**
 * The service's description for the CRM: the module's registration follows from it and the provider's
 * methods.
 */
export const manifest: DeliveryManifest<TemplateSettings> = {
  code: 'template',
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="8" y="20" width="48" height="32" rx="4" fill="#0f766e"/><path d="M8 30h48" stroke="#fff" stroke-width="3"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: TemplateSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () => Object.assign(new TemplateSettings(), { baseUrl: 'http://127.0.0.1:4300', token: 'template-token' }),
  // An order is found by our reference 30 s after it was made, or never.
  recovery: { kind: 'find', settleSeconds: 30 },
  statuses: STATUSES.list,
  cancelledStatus: 'cancelled',
  forms: [{ entity: 'order', code: 'label', label: texts.forms.label }],
  dataFields: [],
  shipmentDataFields: [],
  payerTypes: ['sender'],
  printLimit: 50,
  cod: false,
  packages: true,
  selfShipment: false,
  trackNumber: true,
  requiredFields: [],
};
