import { Global, Logger, Module } from '@nestjs/common';
import { postgresRateLimiter, type RateLimiter, redisRateLimiter } from '#crm-client';
import { Database, Environment, isRedisAway, openRedis, type Schema } from '#platform';
import { AccountSettingsService } from './account-settings.service.js';
import { AccountService } from './account.service.js';
import { ActivityService } from './activity.service.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionsService } from './connections.service.js';
import { CredentialsWatch } from './credentials-watch.js';
import { CRM_LIMITER } from './crm-limiter.js';
import { Connections1764000000100 } from './migrations/1764000000100-connections.js';
import { RefusedCredentials1764000000720 } from './migrations/1764000000720-refused-credentials.js';
import { RegistrationReply1764000200100 } from './migrations/1764000200100-registration-reply.js';
import { SwitchedOnAgain1764000200740 } from './migrations/1764000200740-switched-on-again.js';
import { Overload1764000200810 } from './migrations/1764000200810-overload.js';
import { RegistrationParts } from './registration-parts.js';
import { KeyCheck } from './key-check.js';
import { RegistrationService } from './registration.service.js';
import { SimpleConnectionService } from './simple-connection.service.js';
import { SharedCache } from './provider-cache/index.js';
import { SystemUrls } from './system-urls.js';

/** Entities and migrations of this folder. */
export const connectionsSchema: Schema = {
  entities: [ConnectionEntity],
  migrations: [
    Connections1764000000100,
    RefusedCredentials1764000000720,
    RegistrationReply1764000200100,
    SwitchedOnAgain1764000200740,
    Overload1764000200810,
  ],
};

/** A store that fails on and on is a line in the log so often. */
const LOG_MS = 60_000;

const services = [
  ConnectionsService,
  RegistrationParts,
  RegistrationService,
  SimpleConnectionService,
  SystemUrls,
  ActivityService,
  AccountSettingsService,
  AccountService,
  CredentialsWatch,
  KeyCheck,
];

/** Connections for the whole application. Needs `Modules`, `RegistrationScheduler` and `AccountNotices` from global modules (the catalogue and the outbox give them). */
@Global()
@Module({
  providers: [{ provide: CRM_LIMITER, useFactory: limiterOf, inject: [Environment, Database] }, SharedCache, ...services],
  exports: services,
})
export class ConnectionsModule {}

/** The limits towards the CRM, counted where all processes of the deployment see them. */
function limiterOf(environment: Environment, database: Database): RateLimiter {
  const logger = new Logger('crm limits');
  let [times, saidAt] = [0, -Infinity];
  const onStoreError = (error: unknown): void => {
    if (environment.REDIS_URL && isRedisAway(error)) return;
    times++;
    const now = performance.now();
    if (now - saidAt < LOG_MS) return;
    logger.warn(`counted in this process alone, ${times} times: ${error instanceof Error ? error.message : String(error)}`);
    [times, saidAt] = [0, now];
  };
  return environment.REDIS_URL
    ? redisRateLimiter(openRedis(environment.REDIS_URL, { failFast: true }), { onStoreError })
    : postgresRateLimiter(database.pool, { onStoreError });
}
