import type { ReactionTypeEmoji } from '@grammyjs/types';
import type { MessagePlace } from '#chat/port';
import { textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { type MessageAddress, readMessageId } from './ids.js';
import { MOST } from './send.js';
import { splitText } from './split-text.js';
import type { TelegramClient } from './telegram.client.js';
import { TelegramRefusal } from './telegram.errors.js';
import type { TelegramBot, TelegramContext } from './telegram.settings.js';
import { texts } from './telegram.texts.js';

/** It is as it should be already. */
const IS_SAME = /message is not modified/i;
const IS_GONE = /message to delete not found|message identifier is not specified|MESSAGE_ID_INVALID/i;
const HAS_NO_TEXT = /no text in the message/i;

/** Reactions that Telegram knows, in its own order. */
export const REACTIONS: readonly ReactionTypeEmoji['emoji'][] = [
  ...(['👍', '👎', '❤', '🔥', '🥰', '👏', '😁', '🤔', '🤯', '😱', '🤬', '😢', '🎉', '🤩', '🤮', '💩', '🙏', '👌', '🕊', '🤡'] as const),
  ...(['🥱', '🥴', '😍', '🐳', '❤‍🔥', '🌚', '🌭', '💯', '🤣', '⚡', '🍌', '🏆', '💔', '🤨', '😐', '🍓', '🍾', '💋', '🖕', '😈'] as const),
  ...(['😴', '😭', '🤓', '👻', '👨‍💻', '👀', '🎃', '🙈', '😇', '😨', '🤝', '✍', '🤗', '🫡', '🎅', '🎄', '☃', '💅', '🤪', '🗿'] as const),
  ...(['🆒', '💘', '🙉', '🦄', '😘', '💊', '🙊', '😎', '👾', '🤷‍♂', '🤷', '🤷‍♀', '😡'] as const),
];

/**
 * Edits a text in its messages; those that the new text does not need are deleted. Of files it edits the text
 * behind them, or the caption of the first.
 * @throws ProviderError `rejected` where the text needs more messages than there are, or Telegram refuses
 */
export async function editMessage(
  client: TelegramClient,
  { account, ids, text }: MessagePlace & { ids: readonly string[]; text: string },
  context: TelegramContext,
): Promise<void> {
  const bot = client.findBot(account, context);
  const places = listPlaces(ids);
  const [first] = places;
  const pieces = splitText(text, MOST.text);
  const tooLong = new ProviderError('rejected', textFor(texts.tooLongToEdit, context.account.language));
  if (pieces.length > places.length) throw tooLong;
  const edit = (place: MessageAddress, piece: string): Promise<boolean> => editText(client, bot, place, piece, context);
  if (first && !(await edit(first, pieces[0] ?? ''))) {
    const last = places.at(-1);
    if (last && last !== first && pieces.length === 1 && (await edit(last, text))) return;
    const [caption = '', ...rest] = splitText(text, MOST.caption);
    if (rest.length > 0) throw tooLong;
    return pass(IS_SAME, () => client.call(bot, 'editMessageCaption', { ...toTarget(first), caption }, context));
  }
  for (const [index, place] of places.entries()) {
    const piece = pieces[index];
    if (piece === undefined) await deleteOne(client, bot, place, context);
    else if (index > 0) await edit(place, piece);
  }
}

/** Deletes all messages that one became, within Telegram's 48 hours. What is gone is a success. */
export async function deleteMessage(
  client: TelegramClient,
  { account, ids }: MessagePlace & { ids: readonly string[] },
  context: TelegramContext,
): Promise<void> {
  const bot = client.findBot(account, context);
  for (const place of listPlaces(ids)) await deleteOne(client, bot, place, context);
}

/** Sets the bot's one reaction, or takes it back. */
export async function reactToMessage(
  client: TelegramClient,
  { account, id, emoji }: MessagePlace & { id: string; emoji?: string },
  context: TelegramContext,
): Promise<void> {
  const bot = client.findBot(account, context);
  // The CRM may spell a symbol as an emoji, with the sign for that.
  const known = REACTIONS.find((one) => one === emoji || one === emoji?.replaceAll('\uFE0F', ''));
  const place = readMessageId(id);
  if (!place || (emoji !== undefined && !known))
    throw new ProviderError('invalid', textFor(texts.noSuchReaction, context.account.language));
  const reaction = known === undefined ? [] : [{ type: 'emoji' as const, emoji: known }];
  await client.call(bot, 'setMessageReaction', { ...toTarget(place), reaction }, context);
}

/** Returns false for a message that has no text, but a file. */
async function editText(
  client: TelegramClient,
  bot: TelegramBot,
  place: MessageAddress,
  text: string,
  context: TelegramContext,
): Promise<boolean> {
  try {
    await pass(IS_SAME, () => client.call(bot, 'editMessageText', { ...toTarget(place), text }, context));
    return true;
  } catch (error) {
    if (error instanceof TelegramRefusal && error.says(HAS_NO_TEXT)) return false;
    throw error;
  }
}

function deleteOne(client: TelegramClient, bot: TelegramBot, place: MessageAddress, context: TelegramContext): Promise<void> {
  return pass(IS_GONE, () => client.call(bot, 'deleteMessage', toTarget(place), context));
}

/** Does what may be done already. */
async function pass(isDone: RegExp, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof TelegramRefusal) || !error.says(isDone)) throw error;
  }
}

function listPlaces(ids: readonly string[]): MessageAddress[] {
  return ids.flatMap((id) => readMessageId(id) ?? []);
}

function toTarget({ chat, message }: MessageAddress): { chat_id: number; message_id: number } {
  return { chat_id: chat, message_id: message };
}
