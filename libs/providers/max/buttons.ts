import type { OutMessage } from '#chat/port';
import { cutText } from '#provider-kit';

/** A button below a message. */
export type Button = { type: 'message' | 'request_contact'; text: string } | { type: 'link'; text: string; url: string };

/** Buttons for suggestions, and lines after the text for suggestions that fit no button. */
export interface Keyboard {
  buttons: Button[];
  lines: string[];
}

const TITLE_LENGTH = 128;
/** Addresses that MAX accepts for a button. */
const ADDRESS = /^https?:\/\/(?=\S{1,2000}$)[^\s/]+\.\S+$/i;
/** Rows of a keyboard. */
const MOST = 30;

/**
 * Makes buttons of suggestions, one in a row. A text is sent as the customer's own message when they press
 * it, a phone suggestion sends their contact.
 */
export function toKeyboard(suggestions: OutMessage['suggestions'] = []): Keyboard {
  const keyboard: Keyboard = { buttons: [], lines: [] };
  for (const { type, title, payload = '' } of suggestions.slice(0, MOST)) {
    const text = cutText(title.trim(), TITLE_LENGTH);
    if (text === '') continue;
    if (type === 'phone') keyboard.buttons.push({ type: 'request_contact', text });
    else if (type !== 'url' || payload === '') keyboard.buttons.push({ type: 'message', text });
    else if (ADDRESS.test(payload)) keyboard.buttons.push({ type: 'link', text, url: payload });
    else keyboard.lines.push(`${text}: ${payload}`);
  }
  return keyboard;
}
