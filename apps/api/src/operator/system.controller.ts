import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectionStore, HostedModules, toSecretName } from '#connections';
import { Environment, OperatorAccess, type PlatformReport, Restores, SystemReader } from '#platform';
import { ReconciliationService, RestoredGap, type RestoreView } from '#reconciliation';

/** A module that is hosted here. */
export interface HostedModuleReport {
  code: string;
  name: string;
  /** Codes of its providers. */
  providers: string[];
  /** `set`; `assumed`: it is missing, and a well-known one is taken outside production. */
  secret: 'set' | 'assumed';
  /** The name of the variable. */
  variable: string;
  /** An old secret is still taken beside the new one. */
  isRotating: boolean;
  connections: number;
}

/** A module that connections have and that is not hosted here: they are not served. */
export interface MissingModuleReport {
  code: string;
  connections: number;
}

/** What the deployment runs on and hosts. */
export interface SystemReport extends PlatformReport {
  modules: HostedModuleReport[];
  missingModules: MissingModuleReport[];
  /** Whether the database was restored, and how far the comparison is. */
  restore: RestoreView;
}

/** What the deployment runs on and hosts. */
@ApiTags('operator: operators')
@OperatorAccess()
@Controller('operator/api/system')
export class SystemController {
  constructor(
    private readonly system: SystemReader,
    private readonly modules: HostedModules,
    private readonly connections: ConnectionStore,
    private readonly environment: Environment,
    private readonly restores: Restores,
    private readonly gap: RestoredGap,
    private readonly reconciliations: ReconciliationService,
  ) {}

  /**
   * Versions, migrations, queues, recurring work with its last run, hosted modules and whose secret is
   * missing. Which encryption keys are in use is at `/operator/api/keys`, as that reads much.
   */
  @Get()
  async readSystem(): Promise<SystemReport> {
    const counts = await this.connections.countByModule();
    const hosted = this.modules.all();
    return {
      ...(await this.system.read()),
      modules: hosted.map(({ code, name, parts, secrets }) => ({
        ...{ code, name, providers: parts.map(({ manifest }) => manifest.code) },
        ...{ secret: this.environment.moduleSecrets[toSecretName(code)] ? 'set' : 'assumed', variable: toSecretName(code) },
        isRotating: secrets.length > 1,
        connections: counts.get(code) ?? 0,
      })),
      restore: await this.gap.read(this.reconciliations.listModules()),
      missingModules: [...counts].filter(([code]) => !this.modules.get(code)).map(([code, count]) => ({ code, connections: count })),
    };
  }

  /**
   * Marks the database as restored, after a copy of its files was put back: a start does not recognize this.
   * Refunds and invoices are then looked up at the gateway first, until the comparison is done.
   */
  @Post('restored')
  @HttpCode(200)
  async declareRestored(): Promise<RestoreView> {
    await this.restores.declare();
    return this.gap.read(this.reconciliations.listModules());
  }
}
