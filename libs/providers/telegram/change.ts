import type { ReactionTypeEmoji } from '@grammyjs/types';
import { makeError, splitText } from '#provider-kit';
import { type MessageAddress, readMessageId } from './ids.js';
import { MOST } from './send.js';
import { type BotContext, openBot, type Telegram, type TelegramMethod } from './telegram.api.js';
import { texts } from './telegram.texts.js';

/** Reactions that Telegram knows, in its own order. */
export const REACTIONS: readonly ReactionTypeEmoji['emoji'][] = [
  ...(['👍', '👎', '❤', '🔥', '🥰', '👏', '😁', '🤔', '🤯', '😱', '🤬', '😢', '🎉', '🤩', '🤮', '💩', '🙏', '👌', '🕊', '🤡'] as const),
  ...(['🥱', '🥴', '😍', '🐳', '❤‍🔥', '🌚', '🌭', '💯', '🤣', '⚡', '🍌', '🏆', '💔', '🤨', '😐', '🍓', '🍾', '💋', '🖕', '😈'] as const),
  ...(['😴', '😭', '🤓', '👻', '👨‍💻', '👀', '🎃', '🙈', '😇', '😨', '🤝', '✍', '🤗', '🫡', '🎅', '🎄', '☃', '💅', '🤪', '🗿'] as const),
  ...(['🆒', '💘', '🙉', '🦄', '😘', '💊', '🙊', '😎', '👾', '🤷‍♂', '🤷', '🤷‍♀', '😡'] as const),
];

/**
 * Edits a text in its messages, and deletes messages that the new text does not need. For files it edits the
 * text after them, or the caption of the first.
 * @throws ProviderError `rejected` if the text needs more messages than exist, or Telegram rejects it
 */
export const editMessage: TelegramMethod<'editMessage'> = async (api, { account, ids, text }, context) => {
  const at = openBot(account, context);
  const places = listPlaces(ids);
  const [first] = places;
  const pieces = splitText(text, MOST.text);
  const tooLong = makeError('rejected', texts.tooLongToEdit);
  if (pieces.length > places.length) throw tooLong;
  const edit = (place: MessageAddress, piece: string): Promise<boolean> => editText(api, place, piece, at);
  if (first && !(await edit(first, pieces[0] ?? ''))) {
    const last = places.at(-1);
    if (last && last !== first && pieces.length === 1 && (await edit(last, text))) return;
    const [caption = '', ...rest] = splitText(text, MOST.caption);
    if (rest.length > 0) throw tooLong;
    await api.unless('done', api.editMessageCaption(at, { ...toTarget(first), caption }), () => undefined);
    return;
  }
  for (const [index, place] of places.entries()) {
    const piece = pieces[index];
    if (piece === undefined) await deleteOne(api, place, at);
    else if (index > 0) await edit(place, piece);
  }
};

/**
 * Deletes all messages that one message was sent as, within Telegram's 48 hours. Succeeds if they are gone.
 */
export const deleteMessage: TelegramMethod<'deleteMessage'> = async (api, { account, ids }, context) => {
  const at = openBot(account, context);
  for (const place of listPlaces(ids)) await deleteOne(api, place, at);
};

/** Sets the bot's one reaction, or takes it back. */
export const reactToMessage: TelegramMethod<'reactToMessage'> = async (api, { account, id, emoji }, context) => {
  const at = openBot(account, context);
  // The CRM may spell a symbol as an emoji, with the sign for that.
  const known = REACTIONS.find((one) => one === emoji || one === emoji?.replaceAll('\uFE0F', ''));
  const place = readMessageId(id);
  if (!place || (emoji !== undefined && !known)) throw makeError('invalid', texts.noSuchReaction);
  const reaction = known === undefined ? [] : [{ type: 'emoji' as const, emoji: known }];
  await api.setMessageReaction(at, { ...toTarget(place), reaction });
};

/** Confirms that a button was taken, so that Telegram no longer shows it as pending. */
export const answerButton: TelegramMethod<'answerButton'> = async (api, account, button, context) => {
  await api.answerCallbackQuery(openBot(account, context), { callback_query_id: button });
};

/** Returns false for a message that has no text, but a file. */
async function editText(api: Telegram, place: MessageAddress, text: string, context: BotContext): Promise<boolean> {
  const edited = api.unless('done', api.editMessageText(context, { ...toTarget(place), text }), () => undefined);
  return api.unless(
    'noText',
    edited.then(() => true),
    () => false,
  );
}

async function deleteOne(api: Telegram, place: MessageAddress, context: BotContext): Promise<void> {
  await api.unless('missing', api.deleteMessage(context, toTarget(place)), () => undefined);
}

function listPlaces(ids: readonly string[]): MessageAddress[] {
  return ids.flatMap((id) => readMessageId(id) ?? []);
}

function toTarget({ chat, message }: MessageAddress): { chat_id: number; message_id: number } {
  return { chat_id: chat, message_id: message };
}
