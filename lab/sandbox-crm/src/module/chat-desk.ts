import type { Sandbox } from '../sandbox.js';
import type { Account } from '../store/state.js';
import { judgeOnline, judgeVisits } from './chat-check.js';
import { Desk } from './desk.js';
import { type Outcome, readClientId, exchange, moduleUrl } from './exchange.js';
import type { ChatAction } from './registration.js';

/** The CRM's queries for a chat: when the customer was last online, and which pages they visited. */
export class ChatDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or has no chat transport. */
  constructor(sandbox: Sandbox, account: Account, code: string) {
    super(sandbox, account, code, 'mgTransport', 'chat transport');
  }

  /** Requests when the customer with this id in the chat was last online. */
  online(externalUserId: string): Promise<Outcome> {
    return this.ask('online', { externalUserId });
  }

  /** Requests the visits of the customer of the chat with this id. */
  visits(externalChatId: string): Promise<Outcome> {
    return this.ask('visits', { externalChatId });
  }

  /** Sends these fields unchanged. */
  async ask(action: ChatAction, fields: { readonly [name: string]: string }): Promise<Outcome> {
    const request = {
      verb: 'GET' as const,
      url: moduleUrl(this.module, this.path(action)),
      fields,
      // Here the client's id is not in the query (reference: "Get customer's online status in chat").
      headers: { 'x-client-id': readClientId(this.module.registration) },
    };
    return (await exchange(this.sandbox, this.account, `chat ${action}`, request, action === 'online' ? judgeOnline : judgeVisits)).outcome;
  }
}
