import type { Type } from '@nestjs/common';
import type { MoveInKind } from '#connections';
import type { RegistrationContributor, RulesContributor } from '#onboarding';
import type { OutboxPacker } from '#outbox';
import type { Comparison } from '#reconciliation';
import type { MoneySource } from '#settlement';
import type { WebhookReceiver } from '#inbox';
import type { StoryReader } from '#insight';
import type { WidgetSource } from '#widgets';
import type { OperationKind } from '#operations';
import type { DtoClass, Schema } from '#platform';
import type { Provider, ProviderManifest } from '#provider-kit';
import type { CallPlacer } from './call-placers.js';
import type { ReplyChecks } from './reply-checks.js';
import type { StockKeeper } from './stock-keepers.js';

/** A class that knows kinds of operations: how each is sent, recovered and stored. */
export interface OperationSource {
  readonly kinds: readonly OperationKind<object, object>[];
}

/** The parts of an integration. Classes become Nest providers of one module and may inject each other. */
export interface IntegrationDefinition extends Schema {
  /** As in the addresses of its callbacks, such as `delivery`. */
  readonly code: string;
  readonly controllers: readonly Type[];
  /** Services that the classes below need. */
  readonly services: readonly Type[];
  /** The integration's part of a module's registration with the CRM. */
  readonly registration: Type<RegistrationContributor>;
  /**
   * Rules of an account in addition to the settings: their class for a provider, and the contributor that
   * applies them.
   */
  readonly rules?: {
    readonly describe: (manifest: ProviderManifest<object>) => DtoClass<object>;
    readonly contributor: Type<RulesContributor>;
  };
  /** Receives the webhooks of its providers. */
  readonly webhooks?: Type<WebhookReceiver>;
  /** Turn its outbox rows into calls of the CRM's API. */
  readonly packers?: readonly Type<OutboxPacker<never>>[];
  /** Compares the state at the CRM, our stored state and the state at its providers. */
  readonly comparison?: Type<Comparison> & Pick<Comparison, 'kinds'>;
  /** The money of its deliveries or payments, and the registers of its services. */
  readonly money?: Type<MoneySource>;
  /** Finds its records and describes their history, for operators. */
  readonly storyReader?: Type<StoryReader>;
  /** Its contents of the widgets in the CRM's cards. */
  readonly widgets?: Type<WidgetSource>;
  /** Places calls for managers, for other integrations. */
  readonly callPlacer?: Type<CallPlacer>;
  /** Writes goods of parcels off and takes them back, for other integrations. */
  readonly stockKeeper?: Type<StockKeeper>;
  /** Its calls with an effect at an outside service. */
  readonly operations?: readonly Type<OperationSource>[];
  /** Classes with `@HandleJob` methods. */
  readonly jobs?: readonly Type[];
  /** Import records of another module. */
  readonly moveIns?: readonly Type<MoveInKind<never>>[];
  /** Controllers of the operator's lists. */
  readonly operatorLists?: readonly Type[];
  /**
   * Interfaces of the integration for our own services behind its port: abstract class and implementation.
   */
  readonly ports?: readonly { readonly provide: abstract new (...values: never[]) => object; readonly useClass: Type }[];
}

/** An integration whose providers fill the port `Port`. */
export interface Integration<Port extends Provider> extends IntegrationDefinition {
  /** Checks of the replies of its providers. */
  readonly replies: ReplyChecks<Port>;
}

/** Defines an integration. The catalogue lists it together with its providers. */
export function defineIntegration<Port extends Provider>(definition: Integration<Port>): Integration<Port> {
  return definition;
}
