import type { TelegramFile } from './telegram-files.js';
import type { TelegramChat, TelegramMarkup, TelegramMessage, TelegramUser } from './telegram-objects.js';

/** A person with Telegram. */
export interface TelegramPerson {
  readonly user: TelegramUser;
  /** Photos of the account, the newest first. */
  photos: TelegramFile[];
  phone: string;
  /** Whether the account is deleted. */
  deactivated: boolean;
  forbidsVoice: boolean;
}

/** A message of either side, in the double's form. */
export interface TelegramKept {
  readonly bot: number;
  readonly by: 'person' | 'bot';
  message: TelegramMessage;
  readonly file: TelegramFile | undefined;
  /** Its whole keyboard. */
  readonly markup: TelegramMarkup | undefined;
  edits: number;
  deleted: boolean;
  /** The bot's. */
  reaction: string | undefined;
}

/** A chat of a bot. */
export interface TelegramDialogue {
  readonly chat: TelegramChat;
  /** The person, of a private chat. */
  readonly person: TelegramPerson | undefined;
  readonly messages: TelegramKept[];
  blocked: boolean;
  /** The keyboard below the text field. */
  keyboard: TelegramMarkup | undefined;
  last: number;
}
