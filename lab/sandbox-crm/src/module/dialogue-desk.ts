import { setTimeout as delay } from 'node:timers/promises';
import { type JsonObject, asNumber, asObject, asObjects, asText, isObject, parseJson } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { Account } from '../store/state.js';
import { buildTransportCode, describeAbsence } from './chat-gateway.js';
import { moduleWith } from './exchange.js';
import { SandboxError } from './module-error.js';

/** Timeout for a message's outcome in milliseconds. The gateway waits 30 s for a promised one. */
const OUTCOME_MS = 50_000;

/** A manager's message: to a chat by its id at the messenger, or to a customer without a chat. */
export interface ManagerText {
  readonly chat?: string | undefined;
  readonly customer?: string | undefined;
  readonly text: string;
  /** The gateway's id of the channel. Default: the chat's channel, otherwise the first active one. */
  readonly channel?: number | undefined;
  /** The gateway's id of the message that it replies to. */
  readonly quote?: number | undefined;
}

/** The CRM's managers at the double of the message gateway: a messenger's channels and their chats. */
export class DialogueDesk {
  private readonly transport: string;

  /** Throws `SandboxError` if the module is not connected or has no chat transport. */
  constructor(
    private readonly sandbox: Sandbox,
    account: Account,
    private readonly code: string,
  ) {
    moduleWith(account, code, 'mgTransport', 'chat transport');
    this.transport = buildTransportCode(account.code, code);
  }

  /**
   * Returns the `gateway`'s address (null without one), the module's `channels`, and its `dialogues`, each
   * with its `messages`, the oldest first.
   */
  async show(): Promise<JsonObject> {
    if (this.sandbox.chatGateway === undefined) return { gateway: null, channels: [], dialogues: [] };
    const channels = await this.list(`channels?transport=${encodeURIComponent(this.transport)}`);
    const [chats, messages] = [await this.list('chats'), await this.list('messages')];
    const dialogues = chats
      .filter((chat) => channels.some(({ id }) => id === chat['channel']))
      .map(({ externalId, ...chat }) => ({
        ...chat,
        chat: externalId,
        messages: messages.filter((message) => message['chat'] === chat['id']),
      }));
    return { gateway: this.sandbox.chatGateway, channels, dialogues };
  }

  /**
   * Sends a manager's message. Returns it with its outcome, or its state after 50 seconds.
   * @throws SandboxError 409 if chat or channel are unknown, or the gateway does not let managers write
   */
  async write({ chat, customer, text, channel, quote }: ManagerText): Promise<JsonObject> {
    const { gateway, channels, dialogues } = await this.show();
    if (gateway === null) throw new SandboxError('The sandbox CRM has no message gateway: set CHAT_GATEWAY_URL', 409);
    const chats = asObjects(dialogues).filter((one) => channel === undefined || one['channel'] === channel);
    const found = chats.find((one) => one['chat'] === chat);
    if (chat !== undefined && !found) {
      const place = channel === undefined ? '' : ` in channel ${channel}`;
      const known = chats.map((one) => String(one['chat'])).join(', ') || 'none';
      throw new SandboxError(`There is no chat "${chat}"${place}. There are: ${known}`, 409);
    }
    const to = channel ?? asNumber(found?.['channel']) ?? asNumber(asObjects(channels).find((one) => one['active'] === true)?.['id']);
    if (to === undefined) throw new SandboxError(`Module "${this.code}" has no active channel at the message gateway`, 409);
    const whom = chat === undefined ? { customer: { external_id: customer } } : { chat };
    const sent = await this.ask('send', { channel: to, ...whom, content: text, ...(quote !== undefined && { quote }) });
    for (const end = Date.now() + OUTCOME_MS; ; await delay(100)) {
      const message = (await this.list('messages')).find(({ id }) => id === sent['id']) ?? sent;
      if (message['status'] !== 'sending' || Date.now() > end) return message;
    }
  }

  private async list(path: string): Promise<JsonObject[]> {
    return asObjects((await this.ask(path))['items']);
  }

  /** Calls the gateway's control API. Throws `SandboxError` 409 with its message, or if it is unavailable. */
  private async ask(path: string, body?: object): Promise<JsonObject> {
    const gateway = String(this.sandbox.chatGateway);
    const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const reply = await fetch(`${gateway}/control/${path}`, { ...sent, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    const json = parseJson((await reply?.text()) ?? '');
    if (!reply || !isObject(json)) throw new SandboxError(describeAbsence(gateway), 409);
    if (reply.ok) return json;
    throw new SandboxError(`The message gateway refuses: ${String(json['message'] ?? reply.status)}`, 409);
  }
}

/** Reads a manager's message from a body of the control API. Throws `SandboxError`. */
export function readManagerText(body: JsonObject): ManagerText {
  const [chat, customer, text] = ['chat', 'customer', 'text'].map((name) => asText(asObject(body)[name]));
  if (text === undefined) throw new SandboxError('text is required: what the manager writes');
  if ((chat === undefined) === (customer === undefined))
    throw new SandboxError('Give chat, its id at the messenger, or customer, the id of one who has none yet');
  return { chat, customer, text, channel: asNumber(body['channel']), quote: asNumber(body['quote']) };
}
