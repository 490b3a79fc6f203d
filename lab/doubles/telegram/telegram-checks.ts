/* Checks of the parameters of methods. All throw Refusal. */
import { formatText, type FormattedText } from './telegram-entities.js';
import { badRequest, type TelegramChat, type TelegramEntity, type TelegramMarkup } from './telegram-objects.js';
import type { TelegramUpload } from './telegram-params.js';

/** Most characters of a text and of a caption, in UTF-16 units. */
const MOST_TEXT = 4_096;
const MOST_CAPTION = 1_024;
const WEBHOOK_PORTS = ['443', '80', '88', '8443'];

/** The parameters of a caption. */
export interface Captioned {
  parse_mode?: string;
  caption?: string;
  caption_entities?: TelegramEntity[];
}

/** Reads a message's text with its entities. */
export function readText(text: string, parseMode?: string, entities?: readonly TelegramEntity[]): FormattedText {
  const formatted = formatText(text, parseMode, entities);
  if (formatted.text === '') throw badRequest('message text is empty');
  if (formatted.text.length > MOST_TEXT) throw badRequest('message is too long');
  return formatted;
}

/** Reads a caption with its entities. */
export function readCaption({ caption = '', parse_mode: mode, caption_entities: given }: Captioned): {
  caption?: string;
  caption_entities?: readonly TelegramEntity[];
} {
  const { text, entities } = formatText(caption, mode, given);
  if (text.length > MOST_CAPTION) throw badRequest('message caption is too long');
  return { ...(text !== '' && { caption: text }), ...(entities.length > 0 && { caption_entities: entities }) };
}

/** Checks the address of a webhook. `mode`: see `webhookUrls`. */
export function checkWebhookUrl(text: string, mode: 'https' | 'any'): void {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw badRequest('bad webhook: invalid URL');
  }
  if (mode === 'any') return;
  if (url.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!WEBHOOK_PORTS.includes(url.port || '443')) throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  if (url.hostname === 'localhost' || /^(127|10|192\.168)\./.test(url.hostname))
    throw badRequest(`bad webhook: IP address ${url.hostname} is reserved`);
}

/** Every file of a form must be named by a parameter. */
export function checkAllUsed(values: readonly string[], uploads: readonly TelegramUpload[]): void {
  const stray = uploads.find(({ part }) => !values.includes(`attach://${part}`));
  if (stray) throw badRequest(`the file "${stray.part}" is not used`);
}

/** Checks the buttons of a keyboard. */
export function checkMarkup({ inline_keyboard: inline = [], keyboard = [] }: TelegramMarkup, { type }: TelegramChat): void {
  for (const { callback_data: data = '', url } of inline.flat()) {
    if (Buffer.byteLength(data) > 64) throw badRequest('BUTTON_DATA_INVALID');
    if (url !== undefined && !/^(https?:\/\/[^\s/]+\.[^\s]+|tg:\/\/\S+)$/.test(url)) throw badRequest('BUTTON_URL_INVALID');
  }
  if (type !== 'private' && keyboard.flat().some(({ request_contact: asks }) => asks))
    throw badRequest('phone number can be requested in private chats only');
}
