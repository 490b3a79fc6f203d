import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { listSchemas, listSettings, readCatalogue } from '#catalogue';
import {
  AppLogger,
  Configuration,
  dataSourceOptions,
  explainBaselineFailure,
  QueueConnection,
  reachStores,
  readVariables,
  runProcess,
  takeOverBaselines,
} from '#platform';

/**
 * Updates the tables, once however many processes try at the same time. Exits with 0 on success.
 */
await runProcess(async () => {
  const variables = await readVariables();
  const catalogue = await readCatalogue(variables);
  const { environment } = await Configuration.read(listSettings(catalogue), variables);
  await reachStores(environment, new AppLogger(environment, 'migrate'));
  const schemas = listSchemas(catalogue);
  const source = await new DataSource(dataSourceOptions(environment, schemas, 'crossdock-migrate')).initialize();
  const runner = source.createQueryRunner();
  await runner.query(`SELECT pg_advisory_lock(hashtextextended('crossdock migrations', 0))`);
  await takeOverBaselines(
    runner,
    schemas.flatMap((schema) => schema.migrations),
  );
  const done = await source.runMigrations({ transaction: 'each' }).catch((error: unknown) => {
    throw explainBaselineFailure(error) ?? error;
  });
  await new QueueConnection(environment).migrate((sql) => runner.query(sql));
  await runner.query(`SELECT pg_advisory_unlock(hashtextextended('crossdock migrations', 0))`);
  await runner.release();
  await source.destroy();
  process.stdout.write(
    done.length > 0 ? `applied ${done.length} ${done.length === 1 ? 'migration' : 'migrations'}\n` : 'the database is up to date\n',
  );
});
