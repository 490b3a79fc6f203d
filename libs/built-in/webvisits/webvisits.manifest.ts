import { type ChatManifest, describeBot } from '#chat/port';
import { firstSteps } from './webvisits.first-steps.js';
import { WebvisitsSettings } from './webvisits.settings.js';
import { texts } from './webvisits.texts.js';

/** A page with an eye and a speech bubble: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Site visits">' +
  '<rect x="6" y="8" width="60" height="46" rx="5" fill="#2563a8"/><path d="M6 18h60" stroke="#bcd9f5" stroke-width="3"/>' +
  '<path d="M16 36c10-12 30-12 40 0-10 12-30 12-40 0z" fill="#fff"/><circle cx="36" cy="36" r="6" fill="#153e6b"/>' +
  '<path d="M62 30h28v22H76l-8 8v-8h-6z" fill="#25a06b"/></svg>';

/** Description of the web visits service. */
export const webvisitsManifest: ChatManifest<WebvisitsSettings> = {
  code: 'webvisits',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'ES', 'MX'],
  optionalScopes: ['web_analytics_write'],
  settings: WebvisitsSettings,
  firstSteps,
  createDefaultSettings: () => new WebvisitsSettings(),
  describeMissing: ({ sites }) => (sites.length === 0 ? texts.noSites : undefined),
  describeTransport: ({ transportActive, transportToken, transportWebhookUrl, transportEndpointUrl }) => ({
    active: transportActive,
    ...(transportToken && { token: transportToken }),
    ...(transportWebhookUrl && { webhookUrl: transportWebhookUrl }),
    ...(transportEndpointUrl && { endpointUrl: transportEndpointUrl }),
  }),
  describeBot,
};
