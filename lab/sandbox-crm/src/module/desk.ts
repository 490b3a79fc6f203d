import { type JsonObject, asObject, asText } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account, InstalledModule } from '../store/state.js';
import { type Exchanged, exchange, moduleUrl, moduleWith, readClientId } from './exchange.js';
import { SandboxError } from './module-error.js';
import type { ModuleReply } from './module-http.js';
import type { Judgement } from './reply-check.js';

/** How a desk sends its forms. `multipart` is what the CRM's older parts do. */
export type Encoding = 'urlencoded' | 'multipart';

/** The CRM's screens for one integration of a connected module. */
export abstract class Desk {
  protected readonly crm: AccountContext;
  protected readonly module: InstalledModule;

  /** Throws `SandboxError` unless the module registered this integration (`what` in words). */
  constructor(
    protected readonly sandbox: Sandbox,
    protected readonly account: Account,
    protected readonly code: string,
    private readonly kind: string,
    what: string,
    private readonly encoding: Encoding = 'urlencoded',
  ) {
    this.crm = sandbox.context(account);
    this.module = moduleWith(account, code, kind, what);
  }

  /** The integration as the module registered it. */
  protected get registered(): JsonObject {
    return asObject(asObject(this.module.registration['integrations'])[this.kind]);
  }

  /** Returns the path of an action. Throws `SandboxError` 404 if the module did not register it. */
  protected path(action: string): string {
    const path = asText(asObject(this.registered['actions'])[action]);
    if (path === undefined) throw new SandboxError(`Module "${this.code}" registered no "${action}" action: it does not offer this`, 404);
    return path;
  }

  /** Calls a path of the module with its client's id. `name`: of the exchange. */
  protected send(
    name: string,
    verb: 'GET' | 'POST',
    path: string,
    fields: { readonly [name: string]: string },
    judge: (reply: ModuleReply) => Judgement,
  ): Promise<Exchanged> {
    const request = {
      verb,
      url: moduleUrl(this.module, path),
      encoding: this.encoding,
      fields: { clientId: readClientId(this.module.registration), ...fields },
    };
    return exchange(this.sandbox, this.account, name, request, judge);
  }
}
