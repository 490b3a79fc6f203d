import type { QueryRunner } from 'typeorm';

/** Migration that creates all tables of a library, in place of the earlier migrations it replaces. */
interface Baseline {
  name: string;
  /** Last of the replaced migrations. A database that has it has the tables already. */
  replaces?: string | undefined;
}

/** SQLSTATE for a table, view or index that already exists. */
const DUPLICATE_TABLE = '42P07';

/**
 * Marks baselines as applied if the database has the migrations they replace. These stay recorded, because a
 * process of the previous version looks for them.
 * @param migrations all migration classes of this build
 */
export async function takeOverBaselines(runner: QueryRunner, migrations: readonly Baseline[]): Promise<void> {
  if (!(await runner.hasTable('migration'))) return;
  for (const { name, replaces } of migrations)
    if (replaces !== undefined)
      await runner.query(
        `INSERT INTO migration (timestamp, name) SELECT $1::bigint, $2::varchar WHERE EXISTS (SELECT FROM migration WHERE name = $3)
           AND NOT EXISTS (SELECT FROM migration WHERE name = $2)`,
        [readTimestamp(name), name, replaces],
      );
}

/** Returns whether a baseline replaces an applied migration that this build does not have. */
export function isReplaced(applied: string, migrations: readonly Baseline[]): boolean {
  const baselines = migrations.filter(({ replaces }) => replaces !== undefined);
  return baselines.some(({ name }) => readTimestamp(applied) < readTimestamp(name));
}

/** Explains a failed baseline of a database that has only some of the replaced migrations. */
export function explainBaselineFailure(error: unknown): Error | undefined {
  if ((error as { code?: unknown } | undefined)?.code !== DUPLICATE_TABLE) return undefined;
  return new Error(
    `${(error as Error).message}: the database has tables of an earlier version, but not all of its migrations. Check out ` +
      'the last commit that has migrations before 1765000000100, run `npm run build && node dist/apps/api/src/migrate.js` there, then migrate here again.',
    { cause: error },
  );
}

/** TypeORM orders migrations by the 13 digits at the end of their names. */
function readTimestamp(name: string): number {
  return Number(name.slice(-13));
}
