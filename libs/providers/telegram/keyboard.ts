import type { InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove } from '@grammyjs/types';
import type { OutMessage } from '#chat/port';
import { cutText, SharedNote } from '#provider-kit';

export type Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove;

/** Buttons for suggestions, and lines after the text for suggestions that fit no button. */
export interface Keyboard {
  markup?: Markup;
  /** Whether it is a keyboard, which stays until it is removed. */
  stays: boolean;
  lines: string[];
}

/** Whether a chat has a keyboard, which the next message should remove: by bot and chat. */
export const shownKeyboards = new SharedNote<boolean>('keyboard ', { ttlSeconds: 30 * 86_400 });
const TITLE_LENGTH = 64;
/** Addresses that Telegram accepts for a button. A message with another is rejected. */
const BUTTON_ADDRESS = /^(https?:\/\/[^\s/]+\.\S+|tg:\/\/\S+)$/i;

/**
 * Makes buttons of suggestions. A message has either links or a keyboard, so links next to other suggestions
 * become lines. A phone suggestion sends the customer's own phone when they press the button.
 */
export function toKeyboard(suggestions: OutMessage['suggestions'] = []): Keyboard {
  const shown = suggestions.flatMap(({ type, title, payload = '' }) => {
    const text = cutText(title.trim(), TITLE_LENGTH);
    return text === '' ? [] : [{ type, payload, title: text }];
  });
  const links = shown.filter(({ type, payload }) => type === 'url' && payload !== '');
  const keys = shown.filter((one) => !links.includes(one));
  if (keys.length > 0)
    return {
      markup: {
        keyboard: keys.map(({ type, title }) => [type === 'phone' ? { text: title, request_contact: true } : { text: title }]),
        one_time_keyboard: true,
        resize_keyboard: true,
      },
      stays: true,
      lines: links.map(({ title, payload }) => `${title}: ${payload}`),
    };
  const buttons = links.filter(({ payload }) => BUTTON_ADDRESS.test(payload));
  return {
    ...(buttons.length > 0 && { markup: { inline_keyboard: buttons.map(({ title, payload }) => [{ text: title, url: payload }]) } }),
    stays: false,
    lines: links.flatMap((link) => (buttons.includes(link) ? [] : [`${link.title}: ${link.payload}`])),
  };
}
