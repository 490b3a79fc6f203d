import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConnectionLists, HostedModules, toSecretName } from '#connections';
import { Environment, OperatorAccess, type PlatformReport, Restores, SystemReader } from '#platform';
import { ReconciliationService, RestoredGap, type RestoreView } from '#reconciliation';

/** A module that is hosted here. */
export interface HostedModuleReport {
  code: string;
  name: string;
  /** Codes of its providers. */
  providers: string[];
  /** `set`. `assumed`: it is missing, and a well-known secret is used outside production. */
  secret: 'set' | 'assumed';
  /** The name of the variable. */
  variable: string;
  /** Whether an old secret is still accepted in addition to the new one. */
  isRotating: boolean;
  connections: number;
}

/** A module that connections have but that is not hosted here, so they are not served. */
export interface MissingModuleReport {
  code: string;
  connections: number;
}

/** The state of the deployment and its modules. */
export interface SystemReport extends PlatformReport {
  modules: HostedModuleReport[];
  missingModules: MissingModuleReport[];
  /** Whether the database was restored, and the progress of the comparison. */
  restore: RestoreView;
}

/** The state of the deployment and its modules. */
@ApiTags('operator: operators')
@OperatorAccess()
@Controller('operator/api/system')
export class SystemController {
  constructor(
    private readonly system: SystemReader,
    private readonly modules: HostedModules,
    private readonly lists: ConnectionLists,
    private readonly environment: Environment,
    private readonly restores: Restores,
    private readonly gap: RestoredGap,
    private readonly reconciliations: ReconciliationService,
  ) {}

  /**
   * Returns versions, migrations, queues, recurring jobs with their last run, hosted modules and missing
   * secrets. `/operator/api/keys` returns the encryption keys in use, because that reads much data.
   */
  @Get()
  async readSystem(): Promise<SystemReport> {
    const counts = await this.lists.countByModule();
    const hosted = this.modules.all();
    return {
      ...(await this.system.read()),
      modules: hosted.map(({ code, name, providers, secrets }) => ({
        ...{ code, name, providers: providers.map(({ manifest }) => manifest.code) },
        ...{ secret: this.environment.moduleSecrets[toSecretName(code)] ? 'set' : 'assumed', variable: toSecretName(code) },
        isRotating: secrets.length > 1,
        connections: counts.get(code) ?? 0,
      })),
      restore: await this.gap.read(this.reconciliations.listModules()),
      missingModules: [...counts].filter(([code]) => !this.modules.get(code)).map(([code, count]) => ({ code, connections: count })),
    };
  }

  /**
   * Marks the database as restored, after a copy of its files was restored, which a start does not detect.
   * Refunds and invoices are then looked up at the gateway first, until the comparison is finished.
   */
  @Post('restored')
  @HttpCode(200)
  async declareRestored(): Promise<RestoreView> {
    await this.restores.declare();
    return this.gap.read(this.reconciliations.listModules());
  }
}
