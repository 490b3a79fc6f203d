export { TelegramEnvironment } from './telegram.environment.js';
export { TelegramProvider } from './telegram.provider.js';
export { TelegramBot, TelegramSettings } from './telegram.settings.js';
