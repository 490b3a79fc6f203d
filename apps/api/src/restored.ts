import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { listSettings, loadCatalogue } from '#catalogue';
import {
  AppLogger,
  Configuration,
  Database,
  dataSourceOptions,
  databaseSchema,
  reachStores,
  readVariables,
  Restores,
  runProcess,
} from '#platform';

/** Marks the database as restored from a copy of its files, which the start cannot detect by comparison. */
await runProcess(async () => {
  const variables = await readVariables();
  const { environment } = await Configuration.read(listSettings(await loadCatalogue(variables)), variables);
  await reachStores(environment, new AppLogger(environment, 'restored'));
  const source = await new DataSource(dataSourceOptions(environment, [databaseSchema], 'crossdock-restored')).initialize();
  const { restoredAt } = await new Restores(new Database(source)).declare();
  await source.destroy();
  process.stdout.write(
    `the database is marked as restored (${restoredAt?.toISOString()}); compare it now: POST /operator/api/reconciliations\n`,
  );
});
