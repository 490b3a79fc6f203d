import {
  type ConnectionEntity,
  type ConnectionErasureEntity,
  type ProviderSetupEntity,
  describeHealth,
  type Health,
  type HostedModule,
  type Overload,
  readState,
} from '#connections';
import type { ShopFigures } from '#insight';
import { describeRecovery, describeStrategy, type Recovery, type Strategy } from '#provider-kit';

/** A provider of a module. */
export interface ProviderView {
  /** Code of the integration, such as `delivery`. */
  integration: string;
  /** Code of the provider. */
  provider: string;
  /** `adapter`: to an outside service, where shops need an account. `service`: our own service. */
  kind: HostedModule['kind'];
  /** The path or package of an outside provider. */
  from?: string;
}

/** A module of this deployment, with the provider that represents it. */
export interface ModuleView extends ProviderView {
  code: string;
  name: string;
  /** ISO 3166-1 alpha-2 codes. */
  countries: readonly string[];
  /** Whether an account may have several instances of it. */
  multiAccount: boolean;
  /** All its providers, if there are several. */
  providers?: ProviderView[];
}

/** The progress of a connection's erasure. */
export interface ErasureView {
  /** `leaving`: CRM and service are being notified. `erased`: late data is deleted once more. */
  state: ConnectionErasureEntity['state'];
  requestedAt: Date;
  /** Name of the data that is being erased. */
  step?: string;
  /** Number of rows erased so far. */
  rows: number;
}

/** A connection that has been deleted except for its erasure. */
export interface ErasedConnectionView {
  id: string;
  erasing: ErasureView;
}

/** Credentials of one provider of a combined module. */
export interface ProviderStateView {
  provider: string;
  integration: string;
  /** Calls at which it rejects the credentials. */
  rejectedCalls: readonly string[];
  /** When the account last got a notice about it. */
  credentialsNotifiedAt: Date | null;
}

/** An instance of a module in an account, without secrets. */
export interface ConnectionView {
  id: string;
  /** Code of the module. */
  module: string;
  /** The instance's code in the CRM. */
  code: string;
  /** The shop's name for the instance. */
  name: string | null;
  /** Only for modules with several providers. */
  providers?: ProviderStateView[];
  /** Origin of the account. */
  systemUrl: string;
  active: boolean;
  /** Whether it is frozen by the CRM. */
  frozen: boolean;
  frozenByOperatorAt: Date | null;
  /** Set until the account connects again. */
  disconnectedAt: Date | null;
  /** A trial next to another module. */
  shadow: boolean;
  health: Health;
  /** Scopes of the API key that the CRM last returned. */
  scopes: string[];
  /** The account's settings in the CRM. */
  account: ConnectionEntity['account'];
  registeredAt: Date | null;
  /** Why the last registration failed. */
  registrationError: string | null;
  /** The next step for a failed registration. */
  registrationAdvice?: string;
  registrationTriedAt?: Date;
  /** The CRM's reply to the last registration. For tokens, only their names. */
  registrationReply: ConnectionEntity['registrationReply'];
  chatTokens: 'none' | 'set';
  /** The price of the module for the account. */
  billingInfo: ConnectionEntity['billingInfo'];
  /** Why the account's settings could not be read. */
  settingsError?: string;
  settingsAskedAgainAt?: Date | null;
  /** Calls at which the module's first provider rejects the credentials. */
  rejectedCalls: readonly string[];
  /** Totals of data that was dropped because the connection had too much of it. */
  overload?: Overload;
  /** When the account last got a notice about rejected credentials. */
  credentialsNotifiedAt: Date | null;
  /** When a registration switched it on again, after the CRM had switched it off. */
  switchedOnAgainAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A connection with its activity. */
export interface ListedConnectionView extends ConnectionView, ShopFigures {
  /** Host of the shop. */
  host: string;
}

/** A connection that was added manually. */
export interface AddedConnectionView extends ConnectionView {
  /** Only for a trial: the partner's own system calls its callbacks with it. */
  clientId?: string;
}

/** The setup at the service of a connection's provider. */
export type ConnectionSetupView = Omit<ProviderSetupEntity, 'connectionId'>;

/** Messages of one kind that wait for the CRM. */
export interface LaneView {
  kind: string;
  /** Number of messages that are not sent yet, at most 2,000. */
  waiting: number;
  /** Number of failed attempts in a row. */
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
  /** Calls of the service that need more than one request, from the manifest. */
  strategies: StrategyView[];
}

/** A kind of call that needs more than one request. */
export interface StrategyView {
  strategy: Strategy;
  /** In English, such as `Documents are made by a job`. */
  text: string;
}

/** A connection with all its details. */
export interface ConnectionDetails extends ListedConnectionView {
  erasing?: ErasureView;
  services: ConnectionSetupView[];
  /** Codes of the providers that can check settings at their service. */
  checks: string[];
  /** By provider, how a result is found if its reply is lost. */
  lostReplies: LostReplyView[];
  lanes: LaneView[];
}

/** Shows a module, with all its providers if there are several. */
export function toModuleView({ code, name, countries, multiAccount, providers: all, ...first }: HostedModule): ModuleView {
  const providers = all.length > 1 && { providers: all.map(toProviderView) };
  return { code, name, ...toProviderView(first), countries, multiAccount, ...providers };
}

/** Shows how lost replies are found, of the providers whose calls have effects. */
export function listLostReplies(parts: readonly Pick<HostedModule, 'manifest'>[]): LostReplyView[] {
  return parts.flatMap(({ manifest: { code: provider, recovery, strategies = [] } }) =>
    recovery
      ? [
          {
            ...{ provider, recovery: recovery.kind, text: describeRecovery(recovery).en },
            strategies: strategies.map((strategy) => ({ strategy, text: describeStrategy(strategy).en })),
          },
        ]
      : [],
  );
}

/** Shows the progress of an erasure. */
export function toErasureView({ state, requestedAt, step, rows }: ConnectionErasureEntity): ErasureView {
  return { state, requestedAt, ...(step !== null && { step }), rows: Number(rows) };
}

function toProviderView({
  integration,
  manifest,
  kind,
  from,
}: Pick<HostedModule, 'integration' | 'manifest' | 'kind' | 'from'>): ProviderView {
  return { integration, provider: manifest.code, kind, ...(from !== undefined && { from }) };
}

/** Shows a connection. `parts`: its module's providers. `advice`: the next step for a failed registration. */
export function toConnectionView(row: ConnectionEntity, parts: readonly HostedModule[], advice: string | undefined): ConnectionView {
  const providers = parts.map((part) => {
    const { rejectedCalls, credentialsNotifiedAt } = readState(row, part);
    return { provider: part.manifest.code, integration: part.integration, rejectedCalls, credentialsNotifiedAt };
  });
  const { rejectedCalls, credentialsNotifiedAt } = providers[0] ?? row;
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
    rejectedCalls,
    ...(row.overload && { overload: row.overload }),
    credentialsNotifiedAt,
    switchedOnAgainAt: row.switchedOnAgainAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
