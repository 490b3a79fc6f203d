import type { InboxDraft } from '#inbox';
import type { BotRequest } from './bot.entity.js';
import { asksForOrder, findOrderNumber, readCommand } from './order-question.js';

/** Kind of the inbox events. */
export const BOT_EVENT = 'chat.bot';
/** Commands of a bot, without the slash. */
export const COMMANDS = ['delivery', 'pay', 'call'] as const;

/** A message at the gateway, reduced to reliable fields. */
export interface BotMessage {
  id: number;
  /** Undefined if the gateway's time cannot be read. */
  at: Date | undefined;
  type: string;
  scope: string;
  chat: number;
  dialog: number | undefined;
  /** `user`, `bot`, `customer` or `channel`. */
  from: { type: string; id: number | undefined; externalId: string | undefined };
  status: string | undefined;
  content: string;
  /** Id of the quoted message. */
  quote: number | undefined;
  /** The gateway's code of a failed delivery. */
  error: string | undefined;
}

/** A message to answer, as stored: without its text. */
export interface BotEvent {
  message: number;
  chat: number;
  dialog?: number;
  request: BotRequest;
  order?: string;
  /** The gateway's id of the customer. */
  customer?: number;
  /** The CRM's id of the manager. */
  user?: number;
  /** ISO 8601. */
  at: string;
}

/** Reads a message leniently. Returns undefined if it has no id or no chat. */
export function readMessage(value: unknown): BotMessage | undefined {
  const { id, time, type, scope, chat_id, chat, dialog, from, status, content, quote, error } = toLoose(value);
  const [message, chatId] = [toId(id), toId(chat_id) ?? toId(toLoose(chat)['id'])];
  if (message === undefined || chatId === undefined) return undefined;
  const author = toLoose(from);
  return {
    ...{ id: message, at: toTime(time), type: toText(type) ?? '', scope: toText(scope) ?? '', chat: chatId },
    ...{ dialog: toId(toLoose(dialog)['id']), status: toText(status), content: toText(content) ?? '', quote: toId(toLoose(quote)['id']) },
    from: { type: toText(author['type']) ?? '', id: toId(author['id']), externalId: toText(author['external_id']) },
    error: toText(toLoose(error)['code']),
  };
}

/**
 * Returns what a message asks the bot for: a customer where their order is, or a manager by a command.
 * Undefined for everything else, and for every message of a bot, a channel or the gateway.
 */
export function toEvent({ id, at, type, scope, chat, dialog, from, content }: BotMessage, now: Date): BotEvent | undefined {
  const place = { message: id, chat, ...(dialog !== undefined && { dialog }), at: (at ?? now).toISOString() };
  if (from.type === 'customer' && type === 'text' && scope === 'public' && asksForOrder(content)) {
    const order = findOrderNumber(content);
    return { ...place, request: 'order', ...(order && { order }), ...(from.id !== undefined && { customer: from.id }) };
  }
  if (from.type !== 'user' || type !== 'command') return undefined;
  const command = readCommand(content);
  const request = COMMANDS.find((name) => name === command?.name);
  const user = Number(from.externalId);
  if (!request) return undefined;
  return { ...place, request, ...(command?.order && { order: command.order }), ...(Number.isSafeInteger(user) && user > 0 && { user }) };
}

/** Returns an event for the inbox, unique by the message's id. */
export function toDraft(event: BotEvent): InboxDraft {
  return { eventId: `bot message ${event.message}`, kind: BOT_EVENT, payload: event };
}

export function toLoose(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function toId(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** An empty text was seen in place of a time. */
export function toTime(value: unknown): Date | undefined {
  const time = new Date(toText(value) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
