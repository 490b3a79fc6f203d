import type { Command } from 'commander';
import { asObject } from '../json.js';
import { onlineLines, visitLines } from './chat-output.js';
import type { CommandTools } from './payment-commands.js';

/** Adds the commands of chats; `--module` names the module that has the transport. */
export function addChatCommands(program: Command, tools: CommandTools): void {
  const chat = program.command('chat').description('what the CRM asks of the customer of a chat');

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
}
