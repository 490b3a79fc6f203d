import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type DataSourceOptions, DefaultNamingStrategy } from 'typeorm';
import type { Environment } from '../config/index.js';
import type { SharedGauge } from '../metrics/shared-gauge.js';
import { Database } from './database.js';
import { DatabaseQueue } from './database-queue.js';
import { type AccountData, AllAccountData } from './account-data.js';
import { Readiness } from './readiness.js';
import { Restores } from './restores.js';
import { Retention } from './retention.js';
import { type SealedTable, SealedTables } from './sealed.js';
import { SharedValues } from './shared-values.js';

/** Entity and migration classes of a part of the project. */
export interface Schema {
  entities: (new () => object)[];
  migrations: (new () => object)[];
  /** Data of accounts in its tables. */
  accountData?: readonly AccountData[];
  /** Metrics of its tables. */
  gauges?: readonly SharedGauge[];
  /** Its columns with texts sealed by SecretBox. */
  sealed?: readonly SealedTable[];
}

/** Names the column of a property in snake case, unless the entity names it. */
class SnakeCaseColumns extends DefaultNamingStrategy {
  override columnName(property: string, name: string | undefined): string {
    return name || this.tableName(property, undefined);
  }
}

/** On a busy machine the first connection may take longer than `connectTimeoutMS`. */
const FIRST_CONNECTION = { retryAttempts: 5, retryDelay: 500 };

/** Options of the DataSource for these schemas. Only `apps/api/src/migrate.ts` runs migrations. */
export function dataSourceOptions(environment: Environment, schemas: Schema[], applicationName: string): DataSourceOptions {
  return {
    type: 'postgres',
    url: environment.DATABASE_URL,
    applicationName,
    poolSize: environment.DATABASE_POOL,
    entities: schemas.flatMap((schema) => schema.entities),
    migrations: schemas.flatMap((schema) => schema.migrations),
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCaseColumns(),
    // A database that does not answer must not hold a callback longer than the CRM waits.
    connectTimeoutMS: 3000,
    extra: {
      ...{ statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000, keepAlive: true },
      // Opening a connection costs a busy database more than keeping it.
      idleTimeoutMillis: 300_000,
    },
  };
}

/** Provides the DataSource and `Database` globally. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(environment: Environment, schemas: Schema[], applicationName: string): DynamicModule {
    const accountData = { provide: AllAccountData, useValue: new AllAccountData(schemas.flatMap((schema) => schema.accountData ?? [])) };
    const sealed = { provide: SealedTables, useValue: new SealedTables(schemas.flatMap((schema) => schema.sealed ?? [])) };
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(environment, schemas, applicationName), ...FIRST_CONNECTION })],
      providers: [Database, DatabaseQueue, Readiness, Restores, Retention, SharedValues, accountData, sealed],
      exports: [Database, DatabaseQueue, Readiness, Restores, Retention, SharedValues, AllAccountData, SealedTables, TypeOrmModule],
    };
  }
}
