import type { Command } from 'commander';
import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import { channelLines, dialogueLines, messageLine, NO_GATEWAY, onlineLines, visitLines } from './chat-output.js';
import { EXIT } from './output.js';
import type { CommandTools } from './payment-commands.js';

/** Adds the commands of chats. `--module`: the module with the transport or the messenger. */
export function addChatCommands(program: Command, tools: CommandTools): void {
  const chat = program
    .command('chat')
    .description("what the CRM asks of the customer of a chat, and a messenger's dialogues with managers");
  const { client, print } = tools;

  const path = async (what: string): Promise<string> => client().of(`modules/${encodeURIComponent(await tools.messenger())}/${what}`);
  /** Shows the messenger's data at the gateway, or the next step if there is none. */
  async function show(lines: (found: JsonObject) => string[]): Promise<void> {
    const found = await client().get(await path('dialogues'));
    print(found, found['gateway'] === null ? ['The sandbox CRM has no message gateway.', ...NO_GATEWAY] : lines(found));
  }

  chat
    .command('online')
    .description('ask when he was last online')
    .argument('<user>', 'his id in the chat (externalUserId)')
    .action(async (user: string) => {
      const outcome = await tools.callback('online', { user });
      tools.showOutcome(outcome, onlineLines(asObject(outcome['body'])));
    });

  chat
    .command('visits')
    .description("ask for his visits of the shop's site")
    .argument('<chat>', 'id of the chat (externalChatId)')
    .action(async (id: string) => {
      const outcome = await tools.callback('visits', { chat: id });
      tools.showOutcome(outcome, visitLines(asObject(outcome['body'])));
    });

  chat
    .command('channels')
    .description("list the messenger's channels at the message gateway, each with what it can")
    .action(() =>
      show(({ channels }) => {
        const lines = asObjects(channels).flatMap(channelLines);
        return lines.length > 0
          ? lines
          : ["No channels: they come a few seconds after the module's settings are complete (npm run sandbox -- connect)."];
      }),
    );

  chat
    .command('dialogues')
    .description('list the chats of the messenger with their messages')
    .argument('[chat]', 'only this one, by its id at the messenger')
    .action((name: string | undefined) =>
      show(({ dialogues }) => {
        const chats = asObjects(dialogues).filter((one) => name === undefined || one['chat'] === name);
        if (chats.length > 0) return chats.flatMap(dialogueLines);
        return [
          name === undefined ? 'No dialogues: no customer has written.' : `There is no chat "${name}"; without its id all are listed.`,
        ];
      }),
    );

  chat
    .command('write')
    .description('write to a customer as a manager, and wait for the outcome')
    .argument('<chat>', 'id of the chat at the messenger, as "chat dialogues" shows it')
    .argument('<text>', 'what to write')
    .option('--first', 'the customer has not written yet: <chat> is his own id at the messenger', false)
    .option('--channel <id>', 'the channel (default: that of the chat, else the first active one)', tools.number)
    .option('--quote <message>', 'id of the message that it answers, as "chat dialogues" shows it', tools.number)
    .action(async (chat: string, text: string, { first, ...options }: { first: boolean; channel?: number; quote?: number }) => {
      const message = await client().post(await path('messages'), { ...(first ? { customer: chat } : { chat }), text, ...options });
      print(message, [`  ${messageLine(message)}`]);
      tools.exit(['sent', 'seen'].includes(asText(message['status']) ?? '') ? EXIT.done : EXIT.failed);
    });
}
