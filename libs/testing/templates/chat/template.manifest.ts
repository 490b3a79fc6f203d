import type { ChatManifest } from '#chat/port';
import { TemplateSettings } from '../common/template.settings.js';
import { texts } from './template.texts.js';

/**
 * The service's description for the CRM: the module's registration and its channels follow from it and the
 * methods.
 */
export const manifest: ChatManifest<TemplateSettings> = {
  code: 'template',
  title: texts.title,
  logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M8 12h48v32H28L16 56V44H8z" fill="#0f766e"/></svg>',
  countries: ['RU', 'ES', 'MX'],
  settings: TemplateSettings,
  // The double's settings, so that the module works immediately.
  createDefaultSettings: () => Object.assign(new TemplateSettings(), { baseUrl: 'http://127.0.0.1:4300', token: 'template-token' }),
  // A message sent again with the same reference is the same message.
  recovery: { kind: 'idempotency-key' },
  describeMessenger: () => ({ type: 'custom', text: { maxLength: 2_000, quotes: true } }),
};
