import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collected money, items handed over, numbers of packages and parcels that come back. A shorter reference. */
export class DeliveryDetails1765000004500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery ADD COLUMN details jsonb, ADD COLUMN short_key text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP COLUMN short_key, DROP COLUMN details');
  }
}
