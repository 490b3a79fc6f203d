import { ACCOUNT_COMMANDS } from './account-commands.js';
import { CHAT_COMMANDS } from './chat-commands.js';
import type { Commands } from './command.js';
import { DELIVERY_COMMANDS } from './delivery-commands.js';
import { PAYMENT_COMMANDS } from './payment-commands.js';
import { RECORD_COMMANDS } from './record-commands.js';
import { STORE_COMMANDS } from './store-commands.js';
import { TELEPHONY_COMMANDS } from './telephony-commands.js';

/** All commands but `demo`, by their words. */
export const COMMANDS: Commands = {
  ...ACCOUNT_COMMANDS,
  ...DELIVERY_COMMANDS,
  ...PAYMENT_COMMANDS,
  ...TELEPHONY_COMMANDS,
  ...STORE_COMMANDS,
  ...CHAT_COMMANDS,
  ...RECORD_COMMANDS,
};
