export { FakeMessenger } from './fake-messenger.js';
export type { CustomerMessage, MessengerChat, MessengerFile, MessengerMessage, MessengerPosting } from './messenger-wire.js';
