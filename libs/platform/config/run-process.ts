import type { INestApplicationContext } from '@nestjs/common';
import { EnvironmentError } from './settings.js';

/**
 * Runs a process. Prints an error (wrong settings without a stack) and exits with 1. Sends `started` to a
 * parent that opened a channel, and shuts down as on a signal when that parent is gone.
 */
export async function runProcess(start: () => Promise<unknown>): Promise<void> {
  let started = false;
  const alone = (): void => {
    if (started) process.kill(process.pid, 'SIGTERM');
    else process.exit(0);
  };
  // The parent may have died while the code was loaded, before this listener existed.
  if (process.connected === false) return alone();
  process.once('disconnect', alone);
  // The channel must not keep the process running: a process whose work is done ends.
  process.channel?.unref();
  try {
    await start();
    started = true;
    // Without a callback a parent that has just gone would be an error of this process.
    process.send?.('started', undefined, undefined, () => undefined);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

/**
 * Shuts an app down on a signal. Nest then sends the signal to its own process. Linux ignores it in the first
 * process of a container, so that process exits with 0 instead.
 */
export function closeOnSignals(app: Pick<INestApplicationContext, 'enableShutdownHooks'>, pid = process.pid): void {
  app.enableShutdownHooks([], { useProcessExit: pid === 1 });
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof EnvironmentError) return error.message;
  const { code, syscall, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (syscall !== 'listen') return error.stack ?? error.message;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program: stop it, or set PORT or OPERATOR_PORT (WORKER_PORT of a worker) to another port.`;
  if (code === 'EACCES') return `Port ${port} is reserved for root: set PORT or OPERATOR_PORT (WORKER_PORT of a worker) to one above 1023.`;
  return `${address}:${port} cannot be listened on (${code}): correct HOST, or set PORT (WORKER_PORT of a worker) to another port.`;
}
