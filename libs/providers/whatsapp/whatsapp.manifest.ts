import { type ChatManifest, describeBot } from '#chat/port';
import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import { REACTIONS } from './change.js';
import { MOST } from './send.js';
import type { WhatsAppEnvironment } from './whatsapp.environment.js';
import { findApp, isConfigured, WhatsAppSettings } from './whatsapp.settings.js';
import { texts } from './whatsapp.texts.js';

/** A bubble with a receiver: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="WhatsApp">' +
  '<path d="M32 5a27 27 0 0 0-23 41L5 59l13-4A27 27 0 1 0 32 5z" fill="#2bb35a"/>' +
  '<path d="M24 19c-3 1-5 5-3 9 3 8 8 13 16 16 4 1 8-1 8-5l-7-4-4 3c-4-2-6-4-8-8l3-4z" fill="#fff"/></svg>';

/** Countries of the CRM. Meta does not serve all countries where people use WhatsApp. */
const COUNTRIES = 'AR BR CL CO ES GE KZ MX PE UY UZ'.split(' ');
/** Hours after a customer's message in which everything may be sent, later only templates. */
const WINDOW_HOURS = 24;

/** Describes WhatsApp for the CRM. `operator`: with an app, shops do not need their own. */
export function describeWhatsApp(operator: WhatsAppEnvironment): ChatManifest<WhatsAppSettings> {
  const hasApp = (settings: WhatsAppSettings): boolean => Boolean(findApp(settings, operator).id && findApp(settings, operator).secret);
  const { connect } = SECTIONS;
  const firstSteps: readonly FirstStep<WhatsAppSettings>[] = [
    { ...texts.firstSteps.token, section: connect.code, isDone: ({ token, business }) => Boolean(token && business) },
    { ...texts.firstSteps.app, section: connect.code, isDone: hasApp },
    { ...texts.firstSteps.webhook, section: connect.code, sign: 'set-up' },
    { ...texts.firstSteps.message, sign: 'used' },
  ];
  return {
    code: 'whatsapp',
    portVersion: 2,
    title: texts.title,
    logo,
    countries: COUNTRIES,
    settings: WhatsAppSettings,
    firstSteps,
    describeMissing: (settings) => (isConfigured(settings, operator) ? undefined : texts.missing),
    createDefaultSettings: () => new WhatsAppSettings(),
    recovery: { kind: 'none' },
    describeBot,
    describeMessenger: () => ({
      type: 'whatsapp',
      text: { maxLength: MOST.text, quotes: true },
      image: { maxItems: 1, maxBytes: MOST.image, captionLength: MOST.caption, quotes: true },
      file: { maxItems: 1, maxBytes: MOST.file, captionLength: MOST.caption, quotes: true },
      audio: { maxItems: 1, maxBytes: MOST.sound, quotes: true },
      cards: true,
      reactions: { dictionary: REACTIONS, most: 1, fromCustomers: true },
      suggestions: ['text', 'url'],
      receipts: { outcome: true, read: true },
      customerId: 'phone',
      newCustomer: 'template',
      replyHours: WINDOW_HOURS,
    }),
  };
}
