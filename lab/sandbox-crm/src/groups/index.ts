import { METHODS } from '#crm-client/wire';
import type { CompleteHandlers, Handlers } from '../engine/call.js';
import type { Sandbox } from '../sandbox.js';
import { apiHandlers } from './api.group.js';
import { costHandlers } from './costs.group.js';
import { customFieldHandlers } from './custom-fields.group.js';
import { customerInteractionHandlers } from './customer-interaction.group.js';
import { corporateHandlers } from './customers-corporate.group.js';
import { customerHandlers } from './customers.group.js';
import { deliveryHandlers } from './delivery.group.js';
import { fileHandlers } from './files.group.js';
import { integrationHandlers } from './integration.group.js';
import { loyaltyHandlers } from './loyalty.group.js';
import { notificationHandlers } from './notifications.group.js';
import { orderHandlers } from './orders.group.js';
import { packHandlers } from './packs.group.js';
import { paymentHandlers } from './payments.group.js';
import { referenceHandlers } from './references.group.js';
import { storeHandlers } from './store.group.js';
import { taskHandlers } from './tasks.group.js';
import { telephonyHandlers } from './telephony.group.js';
import { userHandlers } from './users.group.js';
import { verificationHandlers } from './verification.group.js';
import { webAnalyticsHandlers } from './web-analytics.group.js';

/** The behavior of every method of the contract. Throws an error with the name of a missing one. */
export function allHandlers(sandbox: Sandbox): CompleteHandlers {
  const handlers: Handlers = {
    ...apiHandlers(),
    ...costHandlers(),
    ...customFieldHandlers(),
    ...customerInteractionHandlers(),
    ...customerHandlers(),
    ...corporateHandlers(),
    ...deliveryHandlers(),
    ...fileHandlers(sandbox),
    ...integrationHandlers(sandbox),
    ...loyaltyHandlers(),
    ...notificationHandlers(),
    ...orderHandlers(sandbox),
    ...packHandlers(),
    ...paymentHandlers(sandbox),
    ...referenceHandlers(),
    ...storeHandlers(),
    ...taskHandlers(),
    ...telephonyHandlers(),
    ...userHandlers(),
    ...verificationHandlers(),
    ...webAnalyticsHandlers(),
  };
  const lacking = METHODS.filter((method) => handlers[method.key] === undefined).map((method) => method.key);
  if (lacking.length > 0) throw new Error(`No behaviour for ${lacking.join(', ')}`);
  return handlers as CompleteHandlers;
}
