import { EnvironmentError } from './settings.js';

/**
 * Runs the main part of a process: what makes it fail is printed (a setting that is wrong without a stack) and ends it with 1. When the process that
 * started it with a channel is gone, it ends as if it had been asked to.
 */
export async function runProcess(start: () => Promise<unknown>): Promise<void> {
  let started = false;
  const alone = (): void => {
    if (started) process.kill(process.pid, 'SIGTERM');
    else process.exit(0);
  };
  process.once('disconnect', alone);
  // The channel alone keeps nothing running: a process whose work is done ends.
  process.channel?.unref();
  try {
    await start();
    started = true;
  } catch (error) {
    const text =
      error instanceof EnvironmentError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}
