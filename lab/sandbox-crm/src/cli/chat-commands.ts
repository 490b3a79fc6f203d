import { asObject, asObjects, asText } from '../json.js';
import { NO_GATEWAY, channelLines, dialogueLines, messageLine, onlineLines, visitLines } from './chat-output.js';
import { type CommandRow, type Commands, callback, type Lines } from './command.js';
import { EXIT } from './output.js';
import { recommendationLines } from './recommendation-output.js';

/** Commands of recommendations, visits and dialogues. */
export const CHAT_COMMANDS: Commands = {
  recommend: callback(
    '@recommendation',
    'recommendation',
    'ask the module which products go with these',
    { '<products...>': 'id or externalId' },
    {
      '--mode <code>': "a mode of the module, such as buying_with, analogs (default: the module's first)",
      '--external-ids': ['name products to the module by their external ids', false],
    },
    recommendationLines,
    ({ externalIds, ...given }) => ({ ...given, by: externalIds === true ? 'externalId' : 'id' }),
  ),
  'chat online': callback(
    '@mgTransport',
    'online',
    'ask when he was last online',
    { '<user>': 'his id in the chat (externalUserId)' },
    {},
    ({ body }) => onlineLines(asObject(body)),
  ),
  'chat visits': callback(
    '@mgTransport',
    'visits',
    "ask for his visits of the shop's site",
    { '<chat>': 'id of the chat (externalChatId)' },
    {},
    ({ body }) => visitLines(asObject(body)),
  ),
  'chat channels': dialogues("list the messenger's channels at the message gateway, each with what it can", {}, ({ channels }) => {
    const lines = asObjects(channels).flatMap(channelLines);
    if (lines.length > 0) return lines;
    return ["No channels: they come a few seconds after the module's settings are complete (npm run sandbox -- connect)."];
  }),
  'chat dialogues': dialogues(
    'list the chats of the messenger with their messages',
    { '[chat]': 'only this one, by its id at the messenger' },
    (found, { chat }) => {
      const chats = asObjects(found['dialogues']).filter((one) => chat === undefined || one['chat'] === chat);
      if (chats.length > 0) return chats.flatMap(dialogueLines);
      return [
        chat === undefined
          ? 'No dialogues: no customer has written.'
          : `There is no chat "${String(chat)}"; without its id all are listed.`,
      ];
    },
  ),
  'chat write': {
    about: 'write to a customer as a manager, and wait for the outcome',
    words: { '<chat>': 'id of the chat at the messenger, as "chat dialogues" shows it', '<text>': 'what to write' },
    options: {
      '--first': ['the customer has not written yet: <chat> is his own id at the messenger', false],
      '--channel <n>': 'the channel (default: that of the chat, else the first active one)',
      '--quote <n>': 'id of the message that it answers, as "chat dialogues" shows it',
    },
    run: async ({ client, module }, { chat, first, ...given }) => {
      const path = client.of(`modules/${encodeURIComponent(module ?? '@messenger')}/messages`);
      const result = await client.post(path, { ...(first === true ? { customer: chat } : { chat }), ...given });
      const isSent = ['sent', 'seen'].includes(asText(result['status']) ?? '');
      return { result, lines: [`  ${messageLine(result)}`], code: isSent ? EXIT.done : EXIT.failed };
    },
  },
};

/** A command that shows the messenger's data at the gateway, or the next step if there is none. */
function dialogues(about: string, words: CommandRow['words'], lines: Lines): CommandRow {
  return {
    about,
    ...(words && { words }),
    run: async ({ client, module }, given) => {
      const result = await client.get(client.of(`modules/${encodeURIComponent(module ?? '@messenger')}/dialogues`));
      const isAbsent = result['gateway'] === null;
      return { result, lines: isAbsent ? ['The sandbox CRM has no message gateway.', ...NO_GATEWAY] : lines(result, given) };
    },
  };
}
