import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows of files that are being uploaded. A crash may lose them, because the sender gets no answer then. */
export class SettlementRegisterBatches1765000005710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE UNLOGGED TABLE register_batch (
      upload_id uuid NOT NULL,
      number int NOT NULL,
      connection_id uuid NOT NULL,
      rows jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (upload_id, number)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE register_batch');
  }
}
