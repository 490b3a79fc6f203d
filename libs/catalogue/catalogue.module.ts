import { type DynamicModule, Module } from '@nestjs/common';
import { cacheSchema, connectionsSchema, HostedModules, type ModuleSource, readModules } from '#connections';
import { inboxSchema } from '#inbox';
import { IntegrationModule } from '#integration-kit';
import { journalSchema } from '#journal';
import { operationsSchema } from '#operations';
import { outboxSchema } from '#outbox';
import { reconciliationSchema } from '#reconciliation';
import { settlementSchema } from '#settlement';
import {
  type Configuration,
  databaseSchema,
  operatorsSchema,
  PlatformModule,
  queueSchema,
  type Schema,
  type SettingsClass,
  tasksSchema,
} from '#platform';
import { widgetsSchema } from '#widgets';
import type { Provider } from '#provider-kit';
import { builtIn, type Catalogue, ConfiguredAdapter, OutsideAdapter } from './catalogue.js';

/** Returns all tables of a deployment. */
export function listSchemas(catalogue: Catalogue = builtIn): Schema[] {
  return [
    cacheSchema,
    databaseSchema,
    queueSchema,
    tasksSchema,
    journalSchema,
    operatorsSchema,
    connectionsSchema,
    operationsSchema,
    inboxSchema,
    outboxSchema,
    reconciliationSchema,
    settlementSchema,
    widgetsSchema,
    ...catalogue.flatMap(({ integration, services }) => [integration, ...services.map(({ schema }) => schema)]),
  ];
}

/** Returns the classes of settings that the providers of a catalogue declare. */
export function listSettings(catalogue: Catalogue = builtIn): SettingsClass[] {
  const declared = catalogue.flatMap(({ adapters, services }) => [
    ...adapters.map((adapter) => (adapter instanceof ConfiguredAdapter ? adapter.environment : undefined)),
    ...services.map(({ environment }) => environment),
  ]);
  return [...new Set(declared.filter((settings) => settings !== undefined))];
}

/**
 * Creates the providers of a catalogue, and reads the modules that use them.
 * @throws EnvironmentError for invalid modules or external providers
 */
export function createHosted(configuration: Configuration, catalogue: Catalogue) {
  const hosted = catalogue.map(({ integration, adapters, services }) => ({
    integration,
    services,
    adapters: adapters.map((adapter): Provider =>
      adapter instanceof ConfiguredAdapter ? adapter.create(configuration.get(adapter.environment)) : adapter,
    ),
    names: adapters.map((adapter) => (adapter instanceof OutsideAdapter ? adapter.names : [])),
  }));
  const sources = hosted.flatMap(({ integration: { code: integration, rules }, adapters, names, services }): ModuleSource[] => [
    ...adapters.map(({ manifest }, index) => ({
      ...{ integration, manifest, rules: rules?.describe(manifest), kind: 'adapter' as const, names: names[index] ?? [] },
    })),
    ...services.map(({ manifest }) => ({ integration, manifest, rules: rules?.describe(manifest), kind: 'service' as const })),
  ]);
  return { hosted, modules: readModules(configuration.environment, sources) };
}

/** The platform, and the integrations with the providers of a catalogue. Shared by api and worker. */
@Module({})
export class CatalogueModule {
  /** `name`: of the process. Throws EnvironmentError for invalid modules or external providers. */
  static forRoot(configuration: Configuration, name: string, catalogue: Catalogue = builtIn): DynamicModule {
    const { hosted, modules } = createHosted(configuration, catalogue);
    return {
      module: CatalogueModule,
      imports: [
        PlatformModule.forRoot(configuration, listSchemas(catalogue), name, [{ provide: HostedModules, useValue: modules }]),
        ...hosted.map(({ integration, adapters, services }) => IntegrationModule.of(integration, adapters, services)),
      ],
    };
  }
}
