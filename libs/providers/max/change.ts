import { isRefusal, makeError, splitText } from '#provider-kit';
import { openBot } from './bots.js';
import { readAnsweredId } from './ids.js';
import type { BotContext, Max, MaxMethod } from './max.api.js';
import { texts } from './max.texts.js';
import { MOST } from './parts.js';

/**
 * Edits a text in its messages, and deletes messages that the new text does not need. Files and buttons stay.
 * MAX edits messages of the last seven days.
 * @throws ProviderError `rejected` if the text needs more messages than exist, or MAX rejects it
 */
export const editMessage: MaxMethod<'editMessage'> = async (api, { account, ids, text }, context) => {
  const at = await openBot(api, account, context);
  const [first] = ids;
  if (first === undefined) return;
  const { messages } = await api.getMessages(at, { query: { message_ids: ids.join(',') } });
  const worded = ids.filter((id) => messages.some(({ body }) => body?.mid === id && body.text));
  const places = worded.length > 0 ? worded : [first];
  const pieces = splitText(text, MOST.text);
  if (pieces.length > places.length) throw makeError('rejected', texts.tooLongToEdit);
  for (const [index, mid] of places.entries()) {
    const piece = pieces[index];
    if (index > 0 && piece === undefined) await deleteOne(api, mid, at);
    // Without attachments MAX would remove the files.
    else await api.editMessage(at, { query: { message_id: mid }, json: { text: piece ?? '', attachments: null } });
  }
};

/** Deletes all messages that one message was sent as. Succeeds if they are gone. */
export const deleteMessage: MaxMethod<'deleteMessage'> = async (api, { account, ids }, context) => {
  const at = await openBot(api, account, context);
  for (const id of ids) {
    const mid = readAnsweredId(id);
    if (mid !== undefined) await deleteOne(api, mid, at);
  }
};

async function deleteOne(api: Max, mid: string, context: BotContext): Promise<void> {
  try {
    await api.unlessMissing(api.deleteMessage(context, { query: { message_id: mid } }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // The words for a message that is gone are not published, so it is looked for.
    const { messages } = await api.getMessages(context, { query: { message_ids: mid } });
    if (messages.length > 0) throw error;
  }
}
