export { TelegramDouble } from './telegram-double.js';
export type { TelegramModes } from './telegram-modes.js';
export type { TelegramBot } from './telegram-bot.js';
export type { TelegramDialogue, TelegramKept, TelegramPerson } from './telegram-records.js';
export type { TelegramContent } from './telegram-contents.js';
export { TELEGRAM_REACTIONS } from './telegram-objects.js';
export type { TelegramChat, TelegramEntity, TelegramMessage, TelegramUpdate } from './telegram-objects.js';
export { sampleFile, sampleJpeg, samplePng, sampleWebp } from './telegram-samples.js';
export type { TelegramCall } from './telegram-wire.js';
