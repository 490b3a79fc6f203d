import { CommandError } from './cli/control-client.js';
import { EXIT } from './cli/output.js';
import { createProgram } from './cli/program.js';
import { loadEnvironment } from './environment.js';

// A reader that closes the pipe early, such as head, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed));

async function main(): Promise<void> {
  const program = createProgram(await loadEnvironment(true), {
    print: (text) => console.log(text),
    exit: (code) => (process.exitCode = code),
  });
  await program.parseAsync();
}

main().catch((error: unknown) => {
  console.error(error instanceof CommandError ? error.message : error);
  process.exitCode = EXIT.failed;
});
