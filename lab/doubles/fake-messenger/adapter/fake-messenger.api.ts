import { instant, keyInHeader, list, maybe, nothing, oneOf, Service, shape, type Shaped, text, truth, whole } from '#provider-kit';
import type { FakeMessengerContext } from './fake-messenger.settings.js';

export const service = new Service<FakeMessengerContext>({
  name: 'Fake Messenger',
  url: ({ settings }) => settings.baseUrl,
  isAccountAddress: true,
  auth: keyInHeader('x-api-key', ({ settings }) => settings.apiKey),
  refusal: (body) => ({ problems: [shape({ code: text, message: text })(body)] }),
  errors: [
    [404, 'missing'],
    [410, 'missing'],
  ],
});

export const readBots = service.read('/bots', shape({ bots: list(shape({ id: text, name: text })) }));
/** Nothing is seen before the message, so an upload that is repeated does no harm. */
export const uploadFile = service.ask('POST /files', shape({ id: text }));
export const openFile = service.readStream('/files/:id');
/** The ids of the parts of a message. */
export const sendMessage = service.act('POST /bots/:bot/messages', shape({ messages: list(text), chat: text }));
export const editMessage = service.act('PUT /bots/:bot/messages/:id', nothing);
export const deleteMessage = service.act('DELETE /bots/:bot/messages/:id', nothing);
export const react = service.act('PUT /bots/:bot/messages/:id/reaction', nothing);
export const markRead = service.act('POST /bots/:bot/messages/:id/read', nothing);

/** A webhook. Its members depend on the type. */
export const event = shape({
  ...{ id: text, bot: text, chat: text, at: instant, message: maybe(text), emoji: maybe(text), removed: maybe(truth) },
  type: oneOf(['message', 'edit', 'delete', 'read', 'reaction', 'blocked', 'unblocked']),
  customer: maybe(shape({ id: text, nickname: text, firstName: maybe(text) })),
  ...{ text: maybe(text), quote: maybe(text) },
  files: maybe(list(shape({ id: text, name: text, type: text, size: whole }))),
});
export type WireEvent = Shaped<typeof event>;
