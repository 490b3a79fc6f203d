export { FakeMessenger, type FakeMessengerOptions } from './fake-messenger.js';
export type { CustomerMessage, MessengerCall, MessengerChat, MessengerFile, MessengerMessage, MessengerPosting } from './messenger-wire.js';
