import type { HttpFault } from '../../double/faults.js';

/** The methods that the double knows, and `downloadFile`, which is no method. */
export const TELEGRAM_CALLS = [
  'getMe',
  'setWebhook',
  'getWebhookInfo',
  'deleteWebhook',
  'getUpdates',
  'getFile',
  'getUserProfilePhotos',
  'sendMessage',
  'sendPhoto',
  'sendDocument',
  'sendVoice',
  'sendAudio',
  'sendMediaGroup',
  'editMessageText',
  'editMessageCaption',
  'deleteMessage',
  'deleteMessages',
  'setMessageReaction',
  'answerCallbackQuery',
  'downloadFile',
] as const;
export type TelegramCall = (typeof TELEGRAM_CALLS)[number];

/** Faults besides the HTTP ones, of which 429 has no header. All but the last two do nothing. */
export type TelegramOwnFault =
  /** 401: the token was revoked. */
  | { kind: 'unauthorized' }
  /** 403: the user has blocked the bot, or is no more, or never wrote. */
  | { kind: 'blocked' | 'deactivated' | 'never-started' }
  /** 400 chat not found. */
  | { kind: 'no-chat' }
  /** 409: another one gets the updates. */
  | { kind: 'conflict' }
  /** Any other refusal: 400 with `Bad Request: `, or `status`. */
  | { kind: 'refuse'; message: string; status?: number }
  /** A 502, or `status`, by the front: a page of HTML. */
  | { kind: 'html'; status?: number }
  /** Acts, then the same. */
  | { kind: 'html-after'; status?: number }
  /** Acts, and answers the message id 0: it will be sent later. */
  | { kind: 'scheduled' };
export type TelegramFault = HttpFault | TelegramOwnFault;

/** The fields that own faults cannot do without. */
export const TELEGRAM_FAULT_NEEDS: Readonly<Record<TelegramOwnFault['kind'], readonly string[]>> = {
  unauthorized: [],
  blocked: [],
  deactivated: [],
  'never-started': [],
  'no-chat': [],
  conflict: [],
  refuse: ['message'],
  html: [],
  'html-after': [],
  scheduled: [],
};
