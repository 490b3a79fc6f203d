/** `npm run bench`: runs the benchmarks on their own database. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { run } from './processes.mjs';
import { SetupError, main, root, say } from './project.mjs';
import { ScratchServers } from './scratch-servers.mjs';
import { StopSignals } from './stop-signals.mjs';

const help = `npm run bench [-- names]

Builds when needed, starts a PostgreSQL of its own (and a Redis, where redis-server is installed) and runs every benchmark of lab/bench/ one after the
other, or only those named. Each prints its result beside its baseline. Close other programs first: the numbers share the machine with them.
`;

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    const names = existsSync(join(root, 'lab/bench'))
      ? readdirSync(join(root, 'lab/bench')).filter((file) => file.endsWith('.bench.ts'))
      : [];
    process.stdout.write(`${help}\nBenchmarks: ${names.map((file) => basename(file, '.bench.ts')).join(', ') || '(none yet)'}\n`);
    return 0;
  }
  const { signal } = new StopSignals();
  await install(signal);
  await build({ signal });
  const folder = join(root, 'dist/lab/bench');
  const present = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.bench.js')) : [];
  const names = present.map((file) => basename(file, '.bench.js'));
  const unknown = args.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new SetupError(`there is no benchmark "${unknown[0]}". There are: ${names.join(', ') || '(none yet)'}`);

  const servers = new ScratchServers();
  let code = 0;
  try {
    say('starting PostgreSQL for the benchmarks ...');
    // As in real use: every commit is on disk.
    const env = {
      ...process.env,
      TEST_DATABASE_URL: await servers.startPostgres({}, signal),
      TEST_REDIS_URL: (await servers.startRedis(signal)) ?? '',
    };
    for (const name of args.length > 0 ? args : names) {
      say(`benchmark ${name} ...`);
      const ended = await run(process.execPath, [join(folder, `${name}.bench.js`)], { env, signal });
      signal.throwIfAborted();
      if (ended !== 0) {
        say(`benchmark ${name} failed (exit code ${ended})`);
        code = 1;
      }
    }
  } finally {
    await servers.remove();
  }
  return code;
});
