import type { WebhookAnswer } from '../../../libs/testing/double/webhooks.js';
import type { GatewayMessageError } from './gateway-records.js';
import { ERROR_CODES } from './message-gateway-wire.js';

/** The content of a module's reply to message_sent. */
export type SentReply =
  | { kind: 'sent'; externalId: string; chat?: string; customer?: string }
  | { kind: 'later'; externalId?: string }
  | { kind: 'failed'; error: GatewayMessageError };

const FIELDS = ['external_message_id', 'external_chat_id', 'external_customer_id', 'async', 'error'];

/** Reads an answer to message_sent. Its `error` is read with the status 200 only. */
export function readSentReply({ status, body }: WebhookAnswer): SentReply {
  if (status === 0) return fail('network_error', 'The module did not answer');
  const reply = parseObject(body);
  if (reply === undefined) return malformed('is no JSON object');
  const error = reply['error'];
  if (status !== 200) return malformed(`has the status ${status}`);
  const unknown = Object.keys(reply).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) return malformed(`has an unknown field "${unknown}"`);
  const { async: later, external_message_id: externalId, external_chat_id: chat, external_customer_id: customer } = reply;
  if (typeof later !== 'boolean') return malformed('does not say async true or false');
  if (error !== undefined) {
    if (later === true) return malformed('has an error and async true');
    return isError(error) ? { kind: 'failed', error } : malformed('has an error without a known code and a message');
  }
  if (![externalId, chat, customer].every((id) => id === undefined || isId(id)))
    return malformed('has an id that is not a text of the right length');
  if (later === true) return { kind: 'later', ...(isId(externalId) && { externalId }) };
  if (!isId(externalId)) return malformed('has no external_message_id');
  return { kind: 'sent', externalId, ...(isId(chat) && { chat }), ...(isId(customer) && { customer }) };
}

/** Whether a reply to any other event is valid: 200 `{}`. */
export function isEmptyReply({ status, body }: WebhookAnswer): boolean {
  const reply = parseObject(body);
  return status === 200 && reply !== undefined && Object.keys(reply).length === 0;
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 255;
}

function isError(value: unknown): value is GatewayMessageError {
  const { code, message, external_code: externalCode, ...rest } = (value ?? {}) as Record<string, unknown>;
  return (
    ERROR_CODES.some((one) => one === code) &&
    typeof message === 'string' &&
    (externalCode === undefined || (typeof externalCode === 'string' && externalCode.length <= 100)) &&
    Object.keys(rest).length === 0
  );
}

function malformed(what: string): SentReply {
  return fail('malformed_response', `The module's answer ${what}`);
}

function fail(code: string, message: string): SentReply {
  return { kind: 'failed', error: { code, message } };
}
