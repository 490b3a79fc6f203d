import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Removes CDEK's client ids and ApiShip's logins from the reports of checks, because they are secrets now. */
export class AccountNames1764000971000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE connection_service SET check_report = check_report - 'account' WHERE provider IN ('cdek', 'apiship') AND check_report ? 'account'`,
    );
  }

  async down(): Promise<void> {
    // The next check stores them again.
  }
}
