import {
  type ConnectionEntity,
  type ConnectionErasureEntity,
  type ConnectionServiceEntity,
  describeHealth,
  type Health,
  type HostedModule,
  type Overload,
  readState,
} from '#connections';
import type { ShopFigures } from '#insight';
import { describeRecovery, type Recovery } from '#provider-kit';

/** A provider of a module. */
export interface ProviderView {
  /** Code of the integration, such as `delivery`. */
  integration: string;
  /** Code of the provider. */
  provider: string;
  /** To an outside service, where shops need an account, or a service of our own. */
  kind: HostedModule['kind'];
  /** The path or package that a provider from outside comes from. */
  from?: string;
}

/** A module of this deployment, with the provider that stands for it. */
export interface ModuleView extends ProviderView {
  code: string;
  name: string;
  /** ISO 3166-1 alpha-2 codes. */
  countries: readonly string[];
  /** An account may have several instances of it. */
  multiAccount: boolean;
  /** All its providers, where it has several. */
  providers?: ProviderView[];
}

/** How far the erasure of a connection is. */
export interface ErasureView {
  /** `leaving`: CRM and service are being told; `erased`: what came late is looked for once more. */
  state: ConnectionErasureEntity['state'];
  requestedAt: Date;
  /** What is being erased now. */
  part?: string;
  /** Erased until now. */
  rows: number;
}

/** A connection of which only its erasure is left. */
export interface ErasedConnectionView {
  id: string;
  erasing: ErasureView;
}

/** Credentials of one provider of a combined module. */
export interface ProviderStateView {
  provider: string;
  integration: string;
  /** Calls at which it refuses the credentials. */
  refusedCalls: readonly string[];
  /** When the account last got a notice of that. */
  credentialsToldAt: Date | null;
}

/** An instance of a module in an account, without secrets. */
export interface ConnectionView {
  id: string;
  /** Code of the module. */
  module: string;
  /** By which the CRM knows the instance. */
  code: string;
  /** What the shop calls the instance. */
  name: string | null;
  /** Of a module of several. */
  providers?: ProviderStateView[];
  /** Origin of the account. */
  systemUrl: string;
  active: boolean;
  /** By the CRM. */
  frozen: boolean;
  frozenByOperatorAt: Date | null;
  /** Until the account connects again. */
  disconnectedAt: Date | null;
  /** A trial beside another module. */
  shadow: boolean;
  health: Health;
  /** Of the API key, as the CRM last said. */
  scopes: string[];
  /** The account's settings in the CRM. */
  account: ConnectionEntity['account'];
  registeredAt: Date | null;
  /** Why the last registration failed. */
  registrationError: string | null;
  /** What to do about it. */
  registrationAdvice?: string;
  registrationTriedAt?: Date;
  /** What the CRM answered to the last registration; of tokens only which there are. */
  registrationReply: ConnectionEntity['registrationReply'];
  chatTokens: 'none' | 'set';
  /** What the module costs the account. */
  billingInfo: ConnectionEntity['billingInfo'];
  /** Why the account's settings could not be read. */
  settingsError?: string;
  settingsAskedAgainAt?: Date | null;
  /** Calls at which the module's first provider refuses the credentials. */
  refusedCalls: readonly string[];
  /** What was dropped because the connection had too much. */
  overload?: Overload;
  /** When the account last got a notice of refused credentials. */
  credentialsToldAt: Date | null;
  /** When a registration switched it on again, after the CRM had switched it off. */
  switchedOnAgainAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A connection with how much is going on at it. */
export interface ListedConnectionView extends ConnectionView, ShopFigures {
  /** Of the shop. */
  host: string;
}

/** A connection that was added by hand. */
export interface AddedConnectionView extends ConnectionView {
  /** Of a trial: with which the partner's own system calls its callbacks. */
  clientId?: string;
}

/** What stands at the service of a connection's provider. */
export type ConnectionServiceView = Omit<ConnectionServiceEntity, 'connectionId'>;

/** What waits for the CRM, of one kind. */
export interface LaneView {
  kind: string;
  /** Messages that are not sent yet; at most 2,000. */
  waiting: number;
  /** Failed tries in a row. */
  failures: number;
  lastError?: string;
  nextTryAt?: Date;
}

/** How the result is found if the reply of a call with an effect is lost. */
export interface LostReplyView {
  /** Code of the provider. */
  provider: string;
  /** From the provider's manifest. */
  recovery: Recovery['kind'];
  /** In English, such as `We look for the result at the service by our reference`. */
  text: string;
}

/** A connection with all that is known of it. */
export interface ConnectionDetails extends ListedConnectionView {
  erasing?: ErasureView;
  services: ConnectionServiceView[];
  /** Codes of the providers that can check settings at their service. */
  checks: string[];
  /** By provider, how a result is found if its reply is lost. */
  lostReplies: LostReplyView[];
  lanes: LaneView[];
}

/** Shows a module, with all its providers where it has several. */
export function toModuleView({ code, name, countries, multiAccount, parts, ...first }: HostedModule): ModuleView {
  const providers = parts.length > 1 && { providers: parts.map(toProviderView) };
  return { code, name, ...toProviderView(first), countries, multiAccount, ...providers };
}

/** Shows how lost replies are found, of the providers whose calls have effects. */
export function listLostReplies(parts: readonly Pick<HostedModule, 'manifest'>[]): LostReplyView[] {
  return parts.flatMap(({ manifest: { code: provider, recovery } }) =>
    recovery ? [{ provider, recovery: recovery.kind, text: describeRecovery(recovery).en }] : [],
  );
}

/** Shows how far an erasure is. */
export function toErasureView({ state, requestedAt, part, rows }: ConnectionErasureEntity): ErasureView {
  return { state, requestedAt, ...(part !== null && { part }), rows: Number(rows) };
}

function toProviderView({
  integration,
  manifest,
  kind,
  from,
}: Pick<HostedModule, 'integration' | 'manifest' | 'kind' | 'from'>): ProviderView {
  return { integration, provider: manifest.code, kind, ...(from !== undefined && { from }) };
}

/** Shows a connection; `parts` are its module's, `advice` is what to do about a failed registration. */
export function toConnectionView(row: ConnectionEntity, parts: readonly HostedModule[], advice: string | undefined): ConnectionView {
  const providers = parts.map((part) => {
    const { refusedCalls, credentialsToldAt } = readState(row, part);
    return { provider: part.manifest.code, integration: part.integration, refusedCalls, credentialsToldAt };
  });
  const { refusedCalls, credentialsToldAt } = providers[0] ?? row;
  return {
    id: row.id,
    module: row.moduleCode,
    code: row.code,
    name: row.name,
    ...(providers.length > 1 && { providers }),
    systemUrl: row.systemUrl,
    active: row.active,
    frozen: row.frozen,
    frozenByOperatorAt: row.frozenByOperatorAt,
    disconnectedAt: row.disconnectedAt,
    shadow: row.shadow,
    health: describeHealth(row, parts),
    scopes: row.scopes,
    account: row.account,
    registeredAt: row.registeredAt,
    registrationError: row.registrationError,
    ...(advice !== undefined && { registrationAdvice: advice }),
    ...(row.attemptedAt && { registrationTriedAt: row.attemptedAt }),
    registrationReply: row.registrationReply,
    chatTokens: row.chatTokensSealed === null ? 'none' : 'set',
    billingInfo: row.billingInfo,
    ...(row.settingsError !== null && { settingsError: row.settingsError, settingsAskedAgainAt: row.settingsDueAt }),
    refusedCalls,
    ...(row.overload && { overload: row.overload }),
    credentialsToldAt,
    switchedOnAgainAt: row.switchedOnAgainAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
