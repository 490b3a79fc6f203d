import { createHmac } from 'node:crypto';
import { type JsonObject, asList, asObject, asText, isObject, written } from '../json.js';
import { ALL_SCOPES } from '../groups/api.group.js';
import type { Sandbox } from '../sandbox.js';
import type { Account } from '../store/state.js';
import { type Outcome, readClientId, exchange, getModule, moduleUrl } from './exchange.js';
import { SandboxError } from './module-error.js';
import { readModuleCode } from './registration.js';

/** The result of connecting a module. */
export interface Connected {
  readonly ok: boolean;
  readonly code: string;
  readonly systemUrl: string;
  readonly scopes: string[];
  readonly accountUrl?: string;
  /** Callbacks and data that the module registered, one line each. */
  readonly capabilities: string[];
  readonly violations: string[];
  readonly steps: Outcome[];
}

/** Simple connection, and the CRM's calls to a connected module: activity, settings, the account page. */
export class Connector {
  /** Takes the sandbox, and a function that moves an account to another address. */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly move: (account: Account, url: string) => Promise<void>,
  ) {}

  /**
   * Connects a module: reads `{moduleUrl}/config`, creates a key, registers with `hmac-sha256(key, secret)`
   * and checks the module's registration. Connecting again replaces its earlier keys. Throws `SandboxError`
   * for the code of a further instance, which the module creates itself.
   */
  async connect(account: Account, code: string, url: string, secret: string): Promise<Connected> {
    if (!URL.canParse(url))
      throw new SandboxError(`"${url}" is not a URL; give the module's address, such as http://127.0.0.1:3000/${code}`);
    const installed = account.modules[code];
    if (installed && readModuleCode(installed) !== code)
      throw new SandboxError(`"${code}" is an instance of "${readModuleCode(installed)}": connect that`);
    const base = url.replace(/\/+$/, '');
    const systemUrl = this.sandbox.buildUrl(account);
    const violations: string[] = [];
    const steps: Outcome[] = [];
    const result = (rest: Partial<Connected>): Connected => ({
      ok: false,
      code,
      systemUrl,
      scopes: [],
      capabilities: [],
      violations,
      steps,
      ...rest,
    });

    const config = await this.fetchConfig(account, base);
    steps.push(config.outcome);
    violations.push(...config.outcome.violations);
    if (!config.outcome.ok) return result({});
    const { scopes, registerUrl } = readConfig(asObject(config.reply.json), violations);
    if (registerUrl === undefined) return result({ scopes });

    const key = this.sandbox.makeKey(account, scopes, code);
    const before = account.modules[code]?.registeredAt;
    const register = await this.register(account, registerUrl, key.key, secret);
    steps.push(register.outcome);
    violations.push(...register.outcome.violations);
    if (!register.outcome.ok) {
      key.active = false;
      this.sandbox.changed();
      return result({ scopes });
    }
    const accountUrl = asText(asObject(register.reply.json)['accountUrl']);
    if (accountUrl === undefined || !URL.canParse(accountUrl)) violations.push('register: accountUrl must be a URL');
    const module = account.modules[code];
    if (!module || module.registeredAt === before) {
      violations.push(`register: ${this.explainMissing(account, code, config.outcome.exchangeId)}`);
      return result({ scopes, accountUrl });
    }
    for (const other of account.keys)
      if (other.module === code && other !== key && !isNewerThan(account, other.key, key.key)) other.active = false;
    module.connection = { moduleUrl: base, registerUrl, accountUrl: accountUrl ?? '', connectedAt: this.sandbox.now().toISOString() };
    this.sandbox.changed();
    return result({
      ok: violations.length === 0,
      scopes,
      capabilities: listCapabilities(module.registration),
      accountUrl,
    });
  }

  private fetchConfig(account: Account, base: string): ReturnType<typeof exchange> {
    return exchange(
      this.sandbox,
      account,
      'config',
      { verb: 'GET', url: `${base}/config`, fields: {} },
      'CallbackSimpleConnectionConnectionConfigResponse',
    );
  }

  /** Sends a module its key, signed with the secret. */
  private register(account: Account, url: string, apiKey: string, secret: string): ReturnType<typeof exchange> {
    const token = createHmac('sha256', secret).update(apiKey).digest('hex');
    const register = JSON.stringify({ token, apiKey, systemUrl: this.sandbox.buildUrl(account) });
    return exchange(
      this.sandbox,
      account,
      'register',
      { verb: 'POST', url, fields: { register } },
      'CallbackSimpleConnectionConnectionRegisterResponse',
    );
  }

  /** Explains why a module is not registered: its call of the API was rejected, or never arrived. */
  private explainMissing(account: Account, code: string, since: number): string {
    const call = `integration-modules/${code}/edit`;
    const entries = this.sandbox.exchanges.find({ account: account.code, direction: 'in', name: 'integration.edit', since });
    const last = entries.findLast(({ url }) => url.endsWith(call));
    if (last === undefined) return `the module did not call ${call} before it answered`;
    return `${call} was answered ${last.status} ${asText(asObject(last.response)['errorMsg']) ?? ''}`.trimEnd();
  }

  /**
   * Sends the module its activity, freeze and the account's address; `rename` first moves the account there.
   */
  async activity(
    account: Account,
    code: string,
    state: { readonly active?: boolean; readonly freeze?: boolean; readonly rename?: string },
  ): Promise<Outcome> {
    const module = getModule(account, code);
    if (state.rename !== undefined) await this.move(account, state.rename);
    module.active = state.active ?? module.active;
    module.freeze = state.freeze ?? module.freeze;
    this.sandbox.changed();
    const path = asText(asObject(module.registration['actions'])['activity']);
    if (path === undefined) throw new SandboxError(`Module "${code}" registered no "activity" action, so it cannot be told`);
    const fields = {
      clientId: readClientId(module.registration),
      activity: JSON.stringify({ active: module.active, freeze: module.freeze }),
      systemUrl: this.sandbox.buildUrl(account),
      ...(module.billing && { billingInfo: JSON.stringify(written(module.billing)) }),
    };
    return (await exchange(this.sandbox, account, 'activity', { verb: 'POST', url: moduleUrl(module, path), fields }, 'SuccessResponse'))
      .outcome;
  }

  /**
   * Sends the account's settings to a module that registered a `settings` action. Undefined if it has no such
   * action.
   */
  async settings(account: Account, code: string): Promise<Outcome | undefined> {
    const module = getModule(account, code);
    const path = asText(asObject(module.registration['actions'])['settings']);
    if (path === undefined) return undefined;
    const fields = { clientId: readClientId(module.registration), settings: JSON.stringify(written(account.settings)) };
    return (await exchange(this.sandbox, account, 'settings', { verb: 'POST', url: moduleUrl(module, path), fields }, 'SuccessResponse'))
      .outcome;
  }
}

/** Whether a module's key is newer, because the module may have requested more scopes during registration. */
function isNewerThan(account: Account, key: string, than: string): boolean {
  const keys = account.keys.map((one) => one.key);
  return keys.indexOf(key) > keys.indexOf(than);
}

/** Lists the features in a registration, one line per kind. */
export function listCapabilities(registration: JsonObject): string[] {
  const integrations = asObject(registration['integrations']);
  const lines: string[] = [];
  const own = Object.keys(asObject(registration['actions']));
  if (own.length > 0) lines.push(`module: ${own.join(', ')}`);
  for (const [kind, configuration] of Object.entries(integrations)) {
    if (!isObject(configuration)) continue;
    const actions = Array.isArray(configuration['actions'])
      ? configuration['actions'].map((action) => asText(asObject(action)['code']) ?? '')
      : kind === 'telephony'
        ? Object.keys(configuration).flatMap((field) => (field.endsWith('Url') ? [field.slice(0, -3)] : []))
        : Object.keys(asObject(configuration['actions']));
    lines.push(`${kind}: ${actions.join(', ') || 'registered'}`);
    const codes = (field: string): string =>
      asList(configuration[field])
        .map((row) => asText(asObject(row)['code']) ?? '')
        .join(', ');
    for (const field of ['statusList', 'plateList', 'deliveryDataFieldList', 'shipmentDataFieldList', 'modes'])
      if (codes(field) !== '') lines.push(`${kind} ${field}: ${codes(field)}`);
  }
  return lines;
}

/** Reads the reply to `config`, and adds its violations. `registerUrl` is missing if it is not a URL. */
function readConfig(body: JsonObject, violations: string[]): { scopes: string[]; registerUrl?: string } {
  const scopes = asList(body['scopes']).map(String);
  const registerUrl = asText(body['registerUrl']);
  if (scopes.length === 0) violations.push('config: scopes must name the permissions that the module needs');
  const unknown = scopes.filter((scope) => !ALL_SCOPES.includes(scope));
  if (unknown.length > 0) violations.push(`config: no permission is called ${unknown.join(', ')}`);
  if (registerUrl !== undefined && URL.canParse(registerUrl)) return { scopes, registerUrl };
  violations.push('config: registerUrl must be a URL');
  return { scopes };
}
