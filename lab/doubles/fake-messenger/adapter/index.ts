export { FakeMessengerProvider } from './fake-messenger.provider.js';
export { FakeMessengerSettings } from './fake-messenger.settings.js';
