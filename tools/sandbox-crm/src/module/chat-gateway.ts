import { createHash } from 'node:crypto';
import { ApiError } from '../engine/api-error.js';

/** A chat module of an account, as the message gateway gets to know it. */
export interface ChatModule {
  /** Code of the account. */
  account: string;
  /** Code of the module. */
  code: string;
  webhookUrl: string | undefined;
  clientId: string | undefined;
  /** Its present token. */
  token: string;
}

/**
 * The token of a kind of chat module: 40 hex digits, another one for each account and module, and after each
 * replacement.
 */
export function buildChatToken(kind: string, account: string, code: string, replaced = 0): string {
  return createHash('sha1')
    .update(`${kind} ${account} ${code}${replaced > 0 ? ` ${replaced}` : ''}`)
    .digest('hex');
}

/** What to say when nothing answers at the gateway's address. */
export function describeAbsence(gatewayUrl: string): string {
  return `No message gateway answers at ${gatewayUrl}: npm run double -- message-gateway --port ${new URL(gatewayUrl).port}`;
}

/** What the gateway knows a module of an account by. */
export function buildTransportCode(account: string, code: string): string {
  return `${account}/${code}`;
}

/**
 * Registers a module with a double of the message gateway (`npm run double -- message-gateway`).
 * @returns what the reply to the registration has of it
 * @throws ApiError 500 when the gateway is away or does not take it
 */
export async function registerTransport(
  gatewayUrl: string,
  { account, code, webhookUrl, clientId, token }: ChatModule,
): Promise<{ endpointUrl: string; token: string }> {
  const reply = await fetch(`${gatewayUrl}/control/transports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: buildTransportCode(account, code), token, webhookUrl, clientId }),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  if (!reply) throw new ApiError(500, describeAbsence(gatewayUrl));
  if (!reply.ok) throw new ApiError(500, `The message gateway at ${gatewayUrl} does not register the module`);
  return { endpointUrl: gatewayUrl, token };
}
