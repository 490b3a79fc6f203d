import { type AllModes, maybe, type ModeTable } from '../../../libs/testing/double/modes.js';
import { whole } from '../../../libs/testing/double/wire.js';

export const MODES = {
  /** Which addresses setWebhook takes: `https` as Telegram, `any` for tests on one machine. */
  webhookUrls: ['https', 'any'],
  /** Whether getFile has the size. */
  fileSizes: true,
  /** Messages a second to one chat before it answers 429. Undefined: no limit. */
  messagesPerSecond: maybe(whole(1)),
} as const satisfies ModeTable;
export type TelegramModes = AllModes<typeof MODES>;
