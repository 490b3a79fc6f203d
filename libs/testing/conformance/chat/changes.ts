import { expect, it } from '@jest/globals';
import { TEXT } from './samples.js';
import type { SeenMessage } from './subject.js';
import type { ChatSuite } from './suite.js';

/** Tests changes of sent messages, reactions and receipts. */
export function testChanges<S extends object>(suite: ChatSuite<S>): void {
  if (suite.has('editMessage'))
    it('a repeated edit succeeds and leaves the new text', async () => {
      const { customers: _, ...place } = await sendOne(suite);
      for (let n = 0; n < 2; n++) await suite.provider.editMessage?.({ ...place, text: TEXT }, suite.context);
      expect(await seeOne(suite, place.chat)).toMatchObject({ text: TEXT });
    });

  if (suite.has('deleteMessage'))
    it('a repeated delete, and a delete of an unknown message, succeed', async () => {
      const { customers: _, ...place } = await sendOne(suite);
      for (let n = 0; n < 2; n++) await suite.provider.deleteMessage?.(place, suite.context);
      const left = await seeOne(suite, place.chat);
      if (left) expect(left).toMatchObject({ deleted: true });
      // A message that is already gone is a success too.
      await suite.provider.deleteMessage?.({ ...place, ids: ['no-such-message'] }, suite.context);
    });

  if (suite.has('reactToMessage'))
    it('a reaction is set and removed, and a repeated removal succeeds', async () => {
      const emoji = suite.provider.manifest.describeMessenger?.(suite.context.settings)?.reactions?.dictionary[0] ?? '';
      const { account, chat, customers: id } = await sendOne(suite);
      await suite.provider.reactToMessage?.({ account, chat, id, emoji }, suite.context);
      await suite.provider.reactToMessage?.({ account, chat, id }, suite.context);
      await suite.provider.reactToMessage?.({ account, chat, id }, suite.context);
    });

  if (suite.has('markRead'))
    it('a repeated read receipt succeeds', async () => {
      const { account, chat, customers: id } = await sendOne(suite);
      for (let n = 0; n < 2; n++) await suite.provider.markRead?.({ account, chat, id }, suite.context);
    });
}

/** Sends a message of the shop in a new chat. */
async function sendOne<S extends object>(
  suite: ChatSuite<S>,
): Promise<{ chat: string; account: string; ids: readonly string[]; customers: string }> {
  const { chat, message } = await suite.openChat();
  const { ids } = await suite.send(suite.build(chat, { text: 'first' }));
  return { chat, account: suite.stage.account, ids, customers: message };
}

async function seeOne<S extends object>(suite: ChatSuite<S>, chat: string): Promise<SeenMessage | undefined> {
  return (await suite.stage.listSent(chat))[0];
}
