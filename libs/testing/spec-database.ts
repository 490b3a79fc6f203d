import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dataSourceOptions, Environment, type Schema } from '#platform';
import { dropDatabase } from './drop-database.js';

/** A database of one spec, with the tables of the requested schemas and no others. */
export interface SpecDatabase {
  readonly source: DataSource;
  /** Disconnects and drops the database. */
  remove(): Promise<void>;
}

/** Creates a library spec's database on the run's PostgreSQL. Throws without TEST_DATABASE_URL. */
export async function createSpecDatabase(schemas: Schema[]): Promise<SpecDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('These specs need TEST_DATABASE_URL: run them with `npm test`.');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const owner = await new DataSource({ type: 'postgres', url: server }).initialize();
  await owner.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const environment = Object.assign(new Environment(), { DATABASE_URL: url.href, DATABASE_POOL: 8 });
  const source = await new DataSource(dataSourceOptions(environment, schemas, 'spec')).initialize();
  await source.runMigrations();
  return {
    source,
    remove: async () => {
      await source.destroy();
      await dropDatabase(name, (statement) => owner.query(statement));
      await owner.destroy();
    },
  };
}
