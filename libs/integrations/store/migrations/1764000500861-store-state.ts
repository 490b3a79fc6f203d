import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until where outside warehouses were asked for changed stock. */
export class StoreState1764000500861 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE store_state (
        connection_id uuid PRIMARY KEY,
        cursor text,
        due_at timestamptz NOT NULL,
        tries int NOT NULL DEFAULT 0,
        fence int NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        problem text,
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX store_state_due ON store_state (due_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE store_state');
  }
}
