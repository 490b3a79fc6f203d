import type { StoreManifest } from '#store/port';
import { TemplateSettings } from '../common/template.settings.js';
import { texts } from './template.texts.js';

/**
 * The service's description for the CRM: the module's registration follows from it and the provider's
 * methods.
 */
export const manifest: StoreManifest<TemplateSettings> = {
  code: 'template',
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M6 28 32 10l26 18v28H6z" fill="#0f766e"/><path d="M18 36h28v20H18z" fill="#fff"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: TemplateSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () => Object.assign(new TemplateSettings(), { baseUrl: 'http://127.0.0.1:4300', token: 'template-token' }),
  // An order's reservation is set as a whole, so that it may be sent again after a lost reply.
  recovery: { kind: 'idempotency-key' },
  listCallPoints: () => ({ inventoriesUpload: [], inventoriesActualize: [] }),
};
