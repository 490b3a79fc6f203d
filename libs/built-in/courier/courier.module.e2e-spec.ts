import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { providerContext, saveRequest } from '#testing';
import { CourierModule } from './courier.module.js';
import { CourierProvider } from './courier.provider.js';
import { CourierBaseline1765000001700 } from './migrations/1765000001700-courier-baseline.js';
import { isTrackNumber } from './track-number.js';

// A separate schema for this run, so that the sequence starts again.
const schema = `courier_${process.pid}_${Date.now()}`;
const options: DataSourceOptions = {
  type: 'postgres',
  url: process.env.TEST_DATABASE_URL ?? '',
  poolSize: 2,
  migrations: [CourierBaseline1765000001700],
  extra: { options: `-c search_path=${schema}` },
};

describe('the courier module on PostgreSQL', () => {
  const processes: INestApplicationContext[] = [];
  let database: DataSource;

  async function start(): Promise<CourierProvider> {
    const module = await Test.createTestingModule({ imports: [TypeOrmModule.forRoot(options), CourierModule] }).compile();
    processes.push(await module.init());
    return module.get(CourierProvider);
  }

  async function takeNumbers(provider: CourierProvider, count: number): Promise<string[]> {
    const context = providerContext(provider.manifest.createDefaultSettings());
    const saved = Array.from({ length: count }, (_, index) => provider.save(saveRequest(`ref-${index}`, 'courier'), context));
    return (await Promise.all(saved)).map(({ externalId }) => externalId);
  }

  beforeAll(async () => {
    database = await new DataSource(options).initialize();
    await database.query(`CREATE SCHEMA ${schema}`);
    await database.runMigrations();
  });

  afterAll(async () => {
    for (const one of processes) await one.close();
    await database?.query(`DROP SCHEMA ${schema} CASCADE`);
    await database?.destroy();
  });

  it('gives no track number twice: many calls, several processes, restarts', async () => {
    const [one, other] = [await start(), await start()];
    const first = (await Promise.all([takeNumbers(one, 1500), takeNumbers(other, 1500)])).flat();
    await processes.shift()?.close();
    const later = await takeNumbers(await start(), 50);
    expect(new Set([...first, ...later]).size).toBe(3050);
    expect([...first, ...later].every(isTrackNumber)).toBe(true);
  });

  it('can take its migration back', async () => {
    await database.undoLastMigration();
    expect(await database.query("SELECT to_regclass('courier_track_number') AS sequence")).toEqual([{ sequence: null }]);
    await database.runMigrations();
  });
});
