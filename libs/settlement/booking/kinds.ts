import { defineJob } from '#platform';

/** Outbox rows that enter a cost of an order in the CRM. The subject is the booking's id. */
export const COST = 'booking.cost';
/** Outbox rows that enter a payment of an order in the CRM. The subject is the booking's id. */
export const PAYMENT = 'booking.payment';
/** Outbox rows that enter a gateway's payment in the CRM. The subject is the booking's id. */
export const INVOICE = 'booking.invoice';
/** Enters new fees and collected cash in the CRM. */
export const book = defineJob<Record<string, never>>('housekeeping', 'settlement.book');
