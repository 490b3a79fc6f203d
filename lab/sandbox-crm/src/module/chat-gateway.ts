import { createHash } from 'node:crypto';
import { ApiError } from '../engine/api-error.js';

/** A chat module of an account, for the message gateway. */
export interface ChatModule {
  /** Code of the account. */
  account: string;
  /** Code of the module. */
  code: string;
  webhookUrl: string | undefined;
  clientId: string | undefined;
  /** Its current token. */
  token: string;
}

/**
 * Returns the token for a kind of chat module: 40 hex digits, different for each account and module, and
 * after each replacement.
 */
export function buildChatToken(kind: string, account: string, code: string, replaced = 0): string {
  return createHash('sha1')
    .update(`${kind} ${account} ${code}${replaced > 0 ? ` ${replaced}` : ''}`)
    .digest('hex');
}

/** Explains the next steps if nothing responds at the gateway's address. */
export function describeAbsence(gatewayUrl: string): string {
  return `No message gateway answers at ${gatewayUrl}: npm run double -- message-gateway --port ${new URL(gatewayUrl).port}`;
}

/** Returns the gateway's code for a module of an account. */
export function buildTransportCode(account: string, code: string): string {
  return `${account}/${code}`;
}

/**
 * Registers a module's transport with a double of the message gateway (`npm run double -- message-gateway`).
 * @returns the gateway's part of the reply to the registration
 * @throws ApiError 500 if the gateway is unavailable or rejects it
 */
export function registerTransport(
  gatewayUrl: string,
  { account, code, webhookUrl, clientId, token }: ChatModule,
): Promise<{ endpointUrl: string; token: string }> {
  return register(gatewayUrl, 'transports', { code: buildTransportCode(account, code), token, webhookUrl, clientId });
}

/** Registers a module's bot, like `registerTransport`. */
export function registerBot(
  gatewayUrl: string,
  { account, code, token }: Pick<ChatModule, 'account' | 'code' | 'token'>,
): Promise<{ endpointUrl: string; token: string }> {
  return register(gatewayUrl, 'bots', { code: buildTransportCode(account, code), token });
}

async function register(
  gatewayUrl: string,
  kind: string,
  module: Partial<ChatModule> & { token: string },
): Promise<{ endpointUrl: string; token: string }> {
  const reply = await fetch(`${gatewayUrl}/control/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(module),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  if (!reply) throw new ApiError(500, describeAbsence(gatewayUrl));
  if (!reply.ok) throw new ApiError(500, `The message gateway at ${gatewayUrl} does not register the module`);
  return { endpointUrl: gatewayUrl, token: module.token };
}
