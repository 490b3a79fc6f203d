import type { TypeName } from '#crm-client/wire';
import { type Json, type JsonObject, asObject, asText, isObject } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { Account, InstalledModule } from '../store/state.js';
import { type ModuleReply, type ModuleRequest, actionUrl, callModule, showBody } from './module-http.js';
import { SandboxError } from './module-error.js';
import { type Judgement, judge } from './reply-check.js';

/** The outcome of a callback. */
export interface Outcome {
  readonly callback: string;
  /** Whether the module succeeded, with a reply that follows the contract. */
  readonly ok: boolean;
  /** HTTP status. 0 without a reply. */
  readonly status: number;
  /** The reply's body, or a description of bytes. */
  readonly body: Json;
  readonly violations: string[];
  /** The module's reason for a rejection. */
  readonly refusal?: string;
  /** Why there was no reply. */
  readonly failure?: string;
  readonly milliseconds: number;
  /** Number of the exchange. */
  readonly exchangeId: number;
}

/** A callback's outcome with the raw reply. */
export interface Exchanged {
  readonly outcome: Outcome;
  readonly reply: ModuleReply;
}

/** Sends a request to a module, checks the reply, and logs both. */
export async function exchange(
  sandbox: Sandbox,
  account: Account,
  name: string,
  request: ModuleRequest,
  judgeReply: TypeName | ((reply: ModuleReply) => Judgement),
): Promise<Exchanged> {
  const at = sandbox.now().toISOString();
  const reply = await callModule(request);
  const judgement = typeof judgeReply === 'string' ? judge(reply, judgeReply) : judgeReply(reply);
  const entry = sandbox.exchanges.add({
    at,
    direction: 'out',
    account: account.code,
    name,
    verb: request.verb,
    url: request.url,
    request: { ...request.fields },
    status: reply.status,
    response: showBody(reply),
    milliseconds: reply.milliseconds,
    violations: judgement.violations,
    notes: [],
  });
  return {
    reply,
    outcome: {
      callback: name,
      ok: judgement.done,
      status: reply.status,
      body: showBody(reply),
      violations: judgement.violations,
      refusal: judgement.refusal,
      failure: judgement.failure,
      milliseconds: reply.milliseconds,
      exchangeId: entry.id,
    },
  };
}

/** Explains why a callback failed. */
export function explain(outcome: Outcome): string {
  return outcome.refusal ?? outcome.failure ?? outcome.violations.join('; ');
}

/** Returns the installed module with this code. Throws `SandboxError` 404 that explains how to connect it. */
export function getModule(account: Account, code: string): InstalledModule {
  const module = account.modules[code];
  if (!module)
    throw new SandboxError(`Account "${account.code}" has no module "${code}": connect it first (connect ${code} --module-url ...)`, 404);
  return module;
}

/** Returns an installed module that registered this integration (`what` in words). Throws `SandboxError`. */
export function moduleWith(account: Account, code: string, integration: string, what: string): InstalledModule {
  const module = getModule(account, code);
  if (!isObject(asObject(module.registration['integrations'])[integration]))
    throw new SandboxError(`Module "${code}" registered no ${what}`);
  return module;
}

/** Returns the URL of a path that the module registered. */
export function moduleUrl(module: InstalledModule, path: string): string {
  return actionUrl(asText(module.registration['baseUrl']) ?? '', path);
}

/** Returns the `clientId` that the module registered, which every callback contains. */
export function readClientId(registration: JsonObject): string {
  return asText(registration['clientId']) ?? '';
}
