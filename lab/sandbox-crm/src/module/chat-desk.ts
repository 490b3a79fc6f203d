import { type JsonObject, asObject, asText } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { Account, InstalledModule } from '../store/state.js';
import { judgeOnline, judgeVisits } from './chat-check.js';
import { type Outcome, readClientId, exchange, moduleWith, moduleUrl } from './exchange.js';
import { SandboxError } from './module-error.js';
import type { ChatAction } from './registration.js';

/** The CRM's queries for a chat: when the customer was last online, and which pages they visited. */
export class ChatDesk {
  private readonly module: InstalledModule;

  /** Throws `SandboxError` if the module is not connected or has no chat transport. */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly account: Account,
    private readonly code: string,
  ) {
    this.module = moduleWith(account, code, 'mgTransport', 'chat transport');
  }

  /** Requests when the customer with this id in the chat was last online. */
  online(externalUserId: string): Promise<Outcome> {
    return this.send('online', { externalUserId });
  }

  /** Requests the visits of the customer of the chat with this id. */
  visits(externalChatId: string): Promise<Outcome> {
    return this.send('visits', { externalChatId });
  }

  /** Sends these fields unchanged. */
  async send(action: ChatAction, fields: { readonly [name: string]: string }): Promise<Outcome> {
    const path = asText(asObject(this.transport['actions'])[action]);
    if (path === undefined) throw new SandboxError(`Module "${this.code}" registered no "${action}" action: it does not offer this`, 404);
    const request = {
      verb: 'GET' as const,
      url: moduleUrl(this.module, path),
      fields,
      // Here the client's id is not in the query (reference: "Get customer's online status in chat").
      headers: { 'x-client-id': readClientId(this.module.registration) },
    };
    return (await exchange(this.sandbox, this.account, `chat ${action}`, request, action === 'online' ? judgeOnline : judgeVisits)).outcome;
  }

  private get transport(): JsonObject {
    return asObject(asObject(this.module.registration['integrations'])['mgTransport']);
  }
}
