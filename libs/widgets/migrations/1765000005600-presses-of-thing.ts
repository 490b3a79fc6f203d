import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the presses that a sidebar shows. */
export class PressesOfThing1765000005600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX widget_press_thing ON widget_press (connection_id, thing)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX widget_press_thing');
  }
}
