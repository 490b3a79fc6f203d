import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 20;
const PAUSE_MS = 500;

/**
 * Drops a database, ending its connections. Its owner is refused the force while the server's own vacuum is
 * at work in it, which makes way for a plain drop.
 * @param run runs a statement as the owner, connected to another database
 */
export async function dropDatabase(name: string, run: (statement: string) => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run(`DROP DATABASE IF EXISTS ${name}${attempt % 2 === 1 ? ' WITH (FORCE)' : ''}`);
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
