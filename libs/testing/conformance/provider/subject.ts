import type { Provider, ProviderContext, ProviderErrorKind, WebhookRequest } from '#provider-kit';
import type { ServiceFaults } from '../lost-calls.js';

/** A service's webhooks, as its double sees them. */
export interface ServiceHooks {
  /** Addresses that are set up there, including other programs'. */
  list(): readonly string[];
  /** Another program sets one up, in the place that the connection needs. */
  occupy(address: string): void;
  /** Removes all, including other programs' addresses. */
  clear(): void;
  /** Returns an event that the service posts to the address that is set up. For webhooks that are signed. */
  post?(): WebhookRequest | Promise<WebhookRequest>;
}

/** Samples for the methods that any provider may have. Needed for methods that exist. */
export interface ProviderSamples<S extends object> {
  /** Settings that the service rejects, and the fields that the error must contain. */
  refused?: readonly { name: string; settings: S; fields: readonly string[] }[];
  /** Makes the service fail for calls within `work`. */
  whileAway?<T>(work: () => Promise<T>): Promise<T>;
  hooks?: ServiceHooks;
  /** Signs a webhook of the service with this secret instead of the account's. */
  signWith?(request: WebhookRequest, secret: string): WebhookRequest;
  /** Webhooks like this one, of other accounts at the service, which must be refused. */
  listForeign?(request: WebhookRequest): WebhookRequest[];
  /** By lookup: a term, and the value of an item that it must find. */
  lookups?: Readonly<Record<string, { term: string; value: string | number }>>;
}

/** The subject of a conformance suite of any kind. */
export interface ProviderSubject<S extends object> {
  readonly provider: Provider<S>;
  readonly context: ProviderContext<S>;
  readonly samples?: ProviderSamples<S>;
  /** Loses calls at the service. Without it the suite does not prove that nothing is done twice. */
  readonly faults?: ServiceFaults;
}

/** Facts that a suite needs before it runs. */
export interface ConformanceOptions<Method extends string, Subject> {
  /** The optional methods of the provider. The suite checks the list. */
  methods: readonly Method[];
  /** Makes the provider and everything it needs, once, before the tests. */
  start(): Promise<Subject>;
  /** Texts that are the same in all three languages, such as names. The manifest's title is one. */
  sameInAllLanguages?: readonly string[];
}

/** A call that must fail, and how. */
export interface ExpectedFailure<S extends object> {
  name: string;
  kind: ProviderErrorKind;
  /** The fields of the CRM's callback that the error must contain. */
  fields?: readonly string[];
  /** Makes the call; `context` may be spread with other settings. */
  act(context: ProviderContext<S>): Promise<unknown>;
}

/** Methods that any provider may have or lack. */
export const PROVIDER_METHODS = ['check', 'connect', 'disconnect', 'lookUp', 'refresh'] as const;
export type ProviderMethod = (typeof PROVIDER_METHODS)[number];

/** Whether any provider may have the method. */
export function isProviderMethod(name: string): name is ProviderMethod {
  return PROVIDER_METHODS.includes(name as ProviderMethod);
}
