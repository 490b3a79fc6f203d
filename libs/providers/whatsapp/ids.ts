import type { Recipient } from './whatsapp.api.js';

/** A phone number with its country's code, or a business-scoped user id such as `ES.13491208655302741918`. */
const PHONE = /^\d{5,20}$/;
const USER = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,58}$/;

/** Reads whom a chat is with. Undefined for an id that is not WhatsApp's. */
export function readRecipient(chat: string | undefined): Recipient | undefined {
  // The CRM may write a new customer's phone with a plus and blanks.
  const digits = chat?.replace(/^\+|[\s()-]/g, '') ?? '';
  if (PHONE.test(digits)) return { to: digits };
  return chat !== undefined && USER.test(chat) ? { recipient: chat } : undefined;
}

/** Writes the data that WhatsApp returns with each status: our reference, and the number of the part. */
export function writeTrace(reference: string, index: number, count: number): string {
  return `${reference}/${index + 1}/${count}`;
}

/** Reads the result of `writeTrace`. Undefined for a message of another program. */
export function readTrace(trace: string | undefined): { reference: string; isLast: boolean } | undefined {
  const [, reference, number, count] = /^(.{1,100})\/(\d{1,3})\/(\d{1,3})$/.exec(trace ?? '') ?? [];
  return reference === undefined ? undefined : { reference, isLast: number === count };
}
