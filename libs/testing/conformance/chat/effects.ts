import { Readable } from 'node:stream';
import type { OutMessage } from '#chat/port';
import type { ProviderContext } from '#provider-kit';
import { type Effect, recoverBy } from '../lost-calls.js';
import { TEXT } from './samples.js';
import type { OptionalChatMethod } from './subject.js';
import type { ChatSuite } from './suite.js';

/** Longer than the limit of some messengers. */
const LONG_TEXT = 'Здравствуйте, ¿qué tal? '.repeat(200);
const openFile = (): Promise<Readable> => Promise.resolve(Readable.from([Buffer.alloc(10)]));

type ChatEffect<S extends object> = Effect<S> & { method: OptionalChatMethod };

/** Lists the calls of a provider that act at the messenger. */
export function listEffects<S extends object>(suite: ChatSuite<S>): Effect<S>[] {
  return [...listSends(suite), ...listLaterEffects(suite)].filter(({ method }) => suite.has(method));
}

function listSends<S extends object>(suite: ChatSuite<S>): ChatEffect<S>[] {
  return [
    {
      ...{ name: 'sendMessage', method: 'sendMessage', makes: 1 },
      prepare: async () => {
        const { chat } = await suite.openChat();
        const message = suite.build(chat);
        const act = async (given: ProviderContext<S>): Promise<string> => (await suite.send(message, given)).ids[0] ?? '';
        return { act, recover: recoverSend(suite, message), repeat: () => act(suite.context) };
      },
    },
    {
      ...{ name: 'sendMessage of a long text', method: 'sendMessage', makes: 'parts' },
      prepare: async () => {
        const { chat } = await suite.openChat();
        const { text: { maxLength = 0 } = {}, file } = suite.provider.manifest.describeMessenger?.(suite.context.settings) ?? {};
        // The text is sent after its file.
        const media = file?.captionLength ? [{ name: 'a.pdf', type: 'application/pdf', size: 10, open: openFile }] : [];
        const message = suite.build(chat, { ...(media.length > 0 && { kind: 'file', media }), text: LONG_TEXT.slice(0, maxLength) });
        const act = async (given: ProviderContext<S>): Promise<string> => (await suite.send(message, given)).ids[0] ?? '';
        return { act, recover: recoverSend(suite, message), repeat: () => act(suite.context) };
      },
    },
  ];
}

/** Looks a message up like the product, once enough time has passed. */
function recoverSend<S extends object>(suite: ChatSuite<S>, message: OutMessage): ReturnType<typeof recoverBy> {
  return recoverBy(suite.provider.manifest.recovery, async () => {
    const externalId = (await suite.provider.findMessage?.(message, suite.context))?.ids[0];
    return externalId === undefined ? undefined : { externalId };
  });
}

function listLaterEffects<S extends object>(suite: ChatSuite<S>): ChatEffect<S>[] {
  return [
    {
      ...{ name: 'editMessage', method: 'editMessage', mayBeRepeated: true },
      prepare: async () => {
        const { chat } = await suite.openChat();
        const place = { account: suite.stage.account, chat, ids: (await suite.send(suite.build(chat, { text: 'first' }))).ids };
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.editMessage?.({ ...place, text: TEXT }, given);
        const isDone = async (): Promise<boolean> => (await suite.stage.listSent(chat))[0]?.text === TEXT;
        return { act, isDone, repeat: async () => (await act(suite.context), chat) };
      },
    },
    {
      ...{ name: 'deleteMessage', method: 'deleteMessage', mayBeRepeated: true },
      prepare: async () => {
        const { chat } = await suite.openChat();
        const place = { account: suite.stage.account, chat, ids: (await suite.send(suite.build(chat))).ids };
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.deleteMessage?.(place, given);
        const isDone = async (): Promise<boolean> => (await suite.stage.listSent(chat))[0]?.deleted ?? true;
        return { act, isDone, repeat: async () => (await act(suite.context), chat) };
      },
    },
    {
      ...{ name: 'reactToMessage', method: 'reactToMessage', mayBeRepeated: true },
      prepare: async () => {
        const { chat, message: id } = await suite.openChat();
        const emoji = suite.provider.manifest.describeMessenger?.(suite.context.settings)?.reactions?.dictionary[0] ?? '';
        const reaction = { account: suite.stage.account, chat, id, emoji };
        const act = async (given: ProviderContext<S>): Promise<void> => suite.provider.reactToMessage?.(reaction, given);
        return { act, repeat: async () => (await act(suite.context), chat) };
      },
    },
    {
      ...{ name: 'markRead', method: 'markRead', mayBeRepeated: true },
      prepare: async () => {
        const { chat, message: id } = await suite.openChat();
        const act = async (given: ProviderContext<S>): Promise<void> =>
          suite.provider.markRead?.({ account: suite.stage.account, chat, id }, given);
        return { act, repeat: async () => (await act(suite.context), chat) };
      },
    },
  ];
}
