import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { errorText } from '#platform';
import { type Launch, LAUNCHES, port } from './launches.js';
import { findProviderDoubles, loadDouble } from './provider-doubles.js';

const dataDir = resolve(process.env.DATA_DIR || './.data');

/** Starts doubles of outside services by hand: `npm run double -- fake-carrier --port 4100`. */
const program = new Command('double')
  .description('Starts a double of an outside service, until Ctrl-C. A path starts one that is not listed: ../acme/dist/acme.double.js')
  .showHelpAfterError();

const others = findProviderDoubles(resolve(import.meta.dirname, '../../libs/providers')).map(({ code, start }): [string, Launch] => [
  code,
  { description: `The double in libs/providers/${code}.`, webhooks: 'nowhere', start },
]);
/** A double outside the repository is started by its file, such as ../acme/dist/acme.double.js. */
const [, , given = ''] = process.argv;
const outside: Launch = {
  description: 'The double in a file.',
  webhooks: 'nowhere',
  start: async (options) => (await loadDouble(resolve(process.env.INIT_CWD ?? '.', given)))(options),
};
for (const [code, launch] of [...Object.entries(LAUNCHES), ...others, ...(/[/\\]/.test(given) ? [[given, outside] as const] : [])]) {
  const command = program.command(code).description(`${launch.description} Its control is under /control.`).addOption(port);
  for (const option of launch.options ?? []) command.addOption(option);
  if (launch.webhooks) command.addOption(new Option('--webhook-url <url>', `where its webhooks go; ${launch.webhooks} when left out`));
  command.action((options: { webhookUrl?: string }) => run(code, launch, options));
}

program.parseAsync().catch((error: unknown) => {
  console.error(errorText(error));
  process.exitCode = 1;
});

async function run(code: string, launch: Launch, options: { webhookUrl?: string }): Promise<void> {
  const { path = '', webhooks, start } = launch;
  const webhookUrl = options.webhookUrl ?? (webhooks === 'to the running deployment' ? await findWebhook(code) : undefined);
  const double = await start({ ...options, webhookUrl });
  const variable = launch.variable ?? double.variable;
  const running = findRunning();
  console.log(`${code}: ${double.url}${path}${variable ? `   (${variable}=${double.url})` : ''}`);
  if (double.url.startsWith('http')) console.log(`Control: ${double.url}/control`);
  if (double.settingsText !== undefined) console.log(`Enter on the account page: ${double.settingsText}`);
  // Fakes and doubles outside have no module of their name.
  if (running && !code.startsWith('fake-') && code !== 'message-gateway')
    console.log(`The account page of Crossdock at ${running.api} opens from the link of: npm run sandbox -- connect ${code}`);
  if (running && variable) console.log(`Crossdock at ${running.api} calls this double when it was started with ${variable}=${double.url}`);
  if (webhookUrl) console.log(`Webhooks: ${webhookUrl}`);
  else if (webhooks && !double.hasConnectedHooks)
    console.log('No webhooks: POST /control/webhook-url {"url": the address on the account page}, or start with --webhook-url');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void double.close());
}

/** The deployment that `npm run up` keeps running on DATA_DIR. */
function findRunning(): { api: string; publicUrl: string } | undefined {
  try {
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as { process: number; api: string; publicUrl: string };
    process.kill(run.process, 0);
    return run;
  } catch {
    return undefined;
  }
}

/** The webhook address of a running deployment's first connection of a module. */
async function findWebhook(module: string): Promise<string | undefined> {
  const running = findRunning();
  if (!running) return undefined;
  try {
    const token = process.env.OPERATOR_TOKEN ?? readFileSync(join(dataDir, 'operator-token'), 'utf8').trim();
    const reply = await fetch(`${running.api}/operator/api/connections?module=${module}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { items } = (await reply.json()) as { items?: { id: string }[] };
    return items?.[0] && `${running.publicUrl}/${module}/webhooks/${items[0].id}`;
  } catch {
    return undefined;
  }
}
