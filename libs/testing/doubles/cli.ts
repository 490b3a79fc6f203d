import { Command, InvalidArgumentError } from 'commander';
import { FakeCarrier } from './fake-carrier/index.js';

/** Starts doubles of outside services by hand: `npm run double -- fake-carrier --port 4100`. */
const program = new Command('double').description('Starts a double of an outside service, until Ctrl-C.').showHelpAfterError();

program
  .command('fake-carrier')
  .description(
    'A carrier over HTTP that can be slow, asynchronous, lose replies after it has acted, and post webhooks. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', portOf)
  .option('--api-key <key>', 'the key its clients must send', 'fake-api-key')
  .option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'fake-webhook-secret')
  .action(async (options: { port?: number; apiKey: string; webhookSecret: string }) => {
    const carrier = await FakeCarrier.start(options);
    console.log(`Fake carrier: ${carrier.url}\nControl:      ${carrier.url}/control`);
    untilStopped(() => carrier.close());
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function untilStopped(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}
