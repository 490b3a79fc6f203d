import { type DynamicModule, Inject, Module, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Traffic, ConnectionsModule, type MoveInKind, MoveInKinds, INTEGRATION, ProviderContexts, ServingProcesses } from '#connections';
import { InboxApplier, InboxModule, type WebhookReceiver, WebhookReceivers } from '#inbox';
import { InsightModule, StoryReaders } from '#insight';
import { Journal, JournalModule } from '#journal';
import { OperationsModule, OperationsService } from '#operations';
import { OnboardingModule, RegistrationContributors, RulesContributors, AllProviders, ProviderWatch } from '#onboarding';
import { OutboxModule, OutboxPackers } from '#outbox';
import { Metrics } from '#platform';
import type { Provider } from '#provider-kit';
import { Comparisons, ReconciliationModule } from '#reconciliation';
import { MoneySources, SettlementModule } from '#settlement';
import { WidgetSources, WidgetsModule } from '#widgets';
import { CallPlacers, CallPlacersModule } from './call-placers.js';
import type { Integration, IntegrationDefinition } from './define-integration.js';
import { getProvidersToken, Providers } from './providers.js';
import { StockKeepers, StockKeepersModule } from './stock-keepers.js';

const BREAKERS = {
  name: 'crossdock_breakers_open',
  help: 'Connections whose calls this process does not make now because their provider kept failing, by provider',
  labels: ['provider'],
};

const HANGING = {
  name: 'crossdock_provider_calls_hanging',
  help: 'Calls of this process that their provider has not ended with their time, by provider and call',
  labels: ['provider', 'call'],
};

const DEFINITION = Symbol('definition of the integration');

/** The modules that every integration registers with, or reads from. */
const SHARED = [
  JournalModule,
  ConnectionsModule,
  OperationsModule,
  InboxModule,
  OutboxModule,
  OnboardingModule,
  ReconciliationModule,
  SettlementModule,
  InsightModule,
  WidgetsModule,
  CallPlacersModule,
  StockKeepersModule,
];

/** A built-in provider: a Nest module that exports its provider's class. */
export interface BuiltInProvider<Provider> {
  readonly module: Type;
  readonly provider: Type<Provider>;
}

/** The Nest module of one integration and its providers. Registers their contributors with the rest. */
@Module({})
export class IntegrationModule implements OnModuleInit {
  constructor(
    @Inject(DEFINITION) private readonly definition: IntegrationDefinition,
    private readonly module: ModuleRef,
    private readonly contributors: RegistrationContributors,
    private readonly rules: RulesContributors,
    private readonly providers: AllProviders,
    private readonly receivers: WebhookReceivers,
    private readonly inbox: InboxApplier,
    private readonly packers: OutboxPackers,
    private readonly operations: OperationsService,
    private readonly comparisons: Comparisons,
    private readonly moneySources: MoneySources,
    private readonly moveIns: MoveInKinds,
    private readonly metrics: Metrics,
    private readonly storyReaders: StoryReaders,
    private readonly widgetSources: WidgetSources,
    private readonly callPlacers: CallPlacers,
    private readonly stockKeepers: StockKeepers,
    private readonly processes: ServingProcesses,
  ) {}

  /** `adapters` are made already; `services` are Nest modules. */
  static of<Port extends Provider>(
    integration: Integration<Port>,
    adapters: readonly Port[],
    services: readonly BuiltInProvider<Port>[],
  ): DynamicModule {
    const {
      registration,
      rules,
      webhooks,
      packers = [],
      operations = [],
      comparison,
      money,
      storyReader,
      widgets,
      callPlacer,
      stockKeeper,
      jobs = [],
      moveIns = [],
      operatorLists = [],
      ports = [],
    } = integration;
    const portsModule: DynamicModule = {
      module: PortsModule,
      imports: [OutboxModule],
      providers: ports.map(({ provide, useClass }) => ({ provide, useClass })),
      exports: ports.map(({ provide }) => provide),
    };
    const classes = [
      ...integration.services,
      registration,
      ...[rules?.contributor, webhooks, comparison, money, storyReader, widgets, callPlacer, stockKeeper].filter(
        (one) => one !== undefined,
      ),
      ...packers,
      ...operations,
      ...jobs,
      ...moveIns,
    ];
    return {
      module: IntegrationModule,
      imports: [...SHARED, portsModule, ...services.map(({ module }) => ({ module, imports: [portsModule] }))],
      controllers: [...integration.controllers, ...operatorLists],
      providers: [
        { provide: DEFINITION, useValue: integration },
        { provide: INTEGRATION, useValue: integration.code },
        {
          provide: getProvidersToken(integration.code),
          useFactory: (contexts: ProviderContexts, watch: ProviderWatch, journal: Journal, traffic: Traffic, ...own: Port[]) =>
            new Providers({ adapters, services: own, checks: integration.replies }, contexts, watch, journal, traffic),
          inject: [ProviderContexts, ProviderWatch, Journal, Traffic, ...services.map(({ provider }) => provider)],
        },
        ...new Set(classes),
      ],
    };
  }

  onModuleInit(): void {
    const {
      code,
      registration,
      rules,
      webhooks,
      packers = [],
      operations = [],
      comparison,
      money,
      storyReader,
      widgets,
      callPlacer,
      stockKeeper,
      moveIns = [],
    } = this.definition;
    this.contributors.add(this.module.get(registration));
    if (rules) this.rules.add(this.module.get(rules.contributor));
    const providers = this.module.get<Providers<Provider>>(getProvidersToken(code));
    this.providers.add(code, providers);
    this.metrics.watch(BREAKERS, () => providers.countOpenBreakers().map(([provider, open]) => [[provider], open]));
    this.metrics.watch(HANGING, () => providers.countHanging().map(([provider, call, calls]) => [[provider, call], calls]));
    this.processes.watchHanging(() => providers.listHanging());
    if (webhooks) this.addReceiver(this.module.get(webhooks));
    for (const packer of packers) this.packers.add(this.module.get(packer), code);
    if (comparison) this.comparisons.add(this.module.get(comparison));
    if (money) this.moneySources.add(this.module.get(money));
    if (storyReader) this.storyReaders.add(this.module.get(storyReader));
    if (widgets) this.widgetSources.add(this.module.get(widgets));
    if (callPlacer) this.callPlacers.add(this.module.get(callPlacer));
    if (stockKeeper) this.stockKeepers.add(this.module.get(stockKeeper));
    for (const source of operations) for (const kind of this.module.get(source).kinds) this.operations.define(kind, code);
    for (const kind of moveIns) this.moveIns.add(this.module.get<MoveInKind>(kind));
  }

  private addReceiver(receiver: WebhookReceiver): void {
    this.receivers.add(receiver);
    for (const [kind, handler] of Object.entries(receiver.handlers)) this.inbox.handle(kind, handler, receiver.integration);
  }
}

/** Provides an integration's ports to the services behind it. */
@Module({})
class PortsModule {}
