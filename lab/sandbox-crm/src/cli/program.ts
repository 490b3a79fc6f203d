import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runDemo } from '../demo/demo.js';
import type { SandboxEnvironment } from '../environment.js';
import { type JsonObject, asText } from '../json.js';
import type { CommandAnswer, CommandRow, CommandTools, Given } from './command.js';
import { COMMANDS } from './commands.js';
import { ControlClient } from './control-client.js';
import { EXIT } from './output.js';

/** The output of the command line. */
export interface CommandIo {
  /** Writes one or more lines. */
  print(text: string): void;
  /** Sets the exit code. */
  exit(code: number): void;
}

/** Commands with further words, and which of them runs without one. */
const PARENTS: { readonly [name: string]: readonly [about: string, fallback?: string] } = {
  orders: ["the account's orders", 'list'],
  stock: ['what the CRM knows of stocks, and what it asks of the warehouse module', 'list'],
  chat: ["what the CRM asks of the customer of a chat, and a messenger's dialogues with managers"],
};

/** The modules for the flags of `demo`, unless `--module` is given. */
const DEMO_MODULES: { readonly [flag: string]: string } = {
  payments: 'testpay',
  telephony: 'asterisk',
  store: 'ledger',
  recommendations: 'copurchase',
  visits: 'webvisits',
};

/**
 * Creates the commands, with the environment's defaults. Parsing throws `CommandError` for errors of the
 * user.
 */
export function createProgram(environment: SandboxEnvironment, io: CommandIo): Command {
  const program = new Command('sandbox');
  program
    .description("The CRM's side by hand: connect a module, call its callbacks, look at what it sent.")
    .option('--sandbox <url>', 'address of the sandbox CRM', environment.url ?? `http://127.0.0.1:${environment.port}`)
    .option('--account <code>', 'account of the sandbox', 'default')
    .option(
      '--module <code>',
      'the module that is meant, or a further instance of it by its own code (default: the first connected one that has the integration)',
    )
    .option('--json', 'print the raw result', false)
    .option('--multipart', 'send callbacks as multipart forms', false)
    .addHelpText(
      'after',
      `
Exit codes: 0 done; 1 could not be done (no sandbox, wrong use, the module refused or did not answer); 2 something was against the contract.

A first walk:
  npm run sandbox -- connect courier --module-url ${environment.modulesUrl}/courier
  npm run sandbox -- orders create --demo
  npm run sandbox -- calculate 1
  npm run sandbox -- save 1
  npm run sandbox -- print 1 --form label --out label.pdf
  npm run sandbox -- statuses 1
  npm run sandbox -- demo`,
    );
  const isJson = (): boolean => program.opts()['json'] === true;
  const openTools = (): CommandTools => {
    const { sandbox, account, module, multipart } = program.opts<{
      sandbox: string;
      account: string;
      module?: string;
      multipart: boolean;
    }>();
    return { client: new ControlClient(sandbox.replace(/\/+$/, ''), account), environment, module, isMultipart: multipart };
  };
  const answer = ({ result, lines, code = EXIT.done }: CommandAnswer): void => {
    if (isJson() || lines.length > 0) io.print(isJson() ? JSON.stringify(result, null, 2) : lines.join('\n'));
    io.exit(code);
  };

  const parents = new Map<string, Command>();
  for (const [name, [about]] of Object.entries(PARENTS)) parents.set(name, program.command(name).description(about));
  for (const [words, row] of Object.entries(COMMANDS)) {
    const [first = '', second] = words.split(' ');
    const command =
      second === undefined ? program.command(first) : parents.get(first)?.command(second, { isDefault: PARENTS[first]?.[1] === second });
    if (command) addRow(command, row, async (given) => answer(await row.run(openTools(), given)));
  }
  addDemo(program, environment, io, openTools);
  return program;
}

/** Adds the words and options of a row. `act` gets their values by name. */
function addRow(
  command: Command,
  { about, words = {}, options = {} }: Omit<CommandRow, 'run'>,
  act: (given: Given) => Promise<void>,
): void {
  command.description(about);
  for (const [notation, help] of Object.entries(words)) command.argument(notation, help);
  for (const [flags, given] of Object.entries(options)) {
    const [help, fallback] = typeof given === 'string' ? [given] : given;
    const option = new Option(flags, help);
    if (/<(n|seconds)>/.test(flags)) option.argParser(readNumber);
    if (Array.isArray(fallback)) option.argParser((value: string, all: string[]) => [...all, value]);
    command.addOption(fallback === undefined ? option : option.default(fallback));
  }
  const names = Object.keys(words).map((notation) => /\w+/.exec(notation)?.[0] ?? '');
  command.action(async (...values: unknown[]) =>
    act({ ...(Object.fromEntries(names.map((name, index) => [name, values[index]])) as JsonObject), ...command.opts<JsonObject>() }),
  );
}

function addDemo(program: Command, environment: SandboxEnvironment, io: CommandIo, openTools: () => CommandTools): void {
  const row: Omit<CommandRow, 'run'> = {
    about:
      'the whole path of what the module does, on realistic orders of three countries. Delivery: connect, quote, save, edit, print, ship, track, delete. Payments: invoice, pay, decline, approve, cancel, refund. Telephony: call, statuses, record. Store: stock, reserve, release. Recommendations: bought together, analogs. Chat: a visit, online, erasure. A messenger: channels, a dialogue',
    options: {
      '--all': ['of all built-in modules, one after another', false],
      '--payments': ['of the payment module "testpay", unless --module names another', false],
      '--telephony': ['of the telephony module "asterisk"; the call needs a PBX: npm run double -- asterisk --port 5038', false],
      '--store': ['of the warehouse module "ledger"', false],
      '--recommendations': ['of the recommendation module "copurchase"', false],
      '--visits': ['of the chat module "webvisits"', false],
      '--module-url <url>': "where the module answers (default: beside the modules that are connected, else the deployment's address)",
      '--secret <secret>': 'the secret shared with the module',
      '--operator-token <token>':
        "bearer token of the module's operator API, to report statuses, set up shops and stock (default: OPERATOR_TOKEN, else what npm run up keeps in DATA_DIR)",
      '--out <folder>': 'where to write the printed forms',
      '--pbx <host:port>': 'for telephony: the PBX to use (default: the one in the settings, else 127.0.0.1:5038)',
      '--recordings <folder>': [
        "for telephony: where the PBX keeps its recordings, a folder in the module's RECORDINGS_ROOT",
        join(environment.dataDir, 'recordings', 'demo'),
      ],
      '--messenger <url>':
        "for a messenger: its double, which is told the module's address and whose customer writes (default: wait until somebody writes)",
      '--warehouse <url>': "for a module whose stock is MoySklad's: its double, into which the demo puts goods",
      '--wait <seconds>': ['how long to wait for what the module sends', 60],
    },
  };
  addRow(program.command('demo'), row, async ({ all, wait, ...given }) => {
    const { client, module } = openTools();
    const meant = Object.entries(DEMO_MODULES).find(([flag]) => given[flag] === true)?.[1];
    let worst: number = EXIT.done;
    for (const code of all === true ? ['courier', ...Object.values(DEMO_MODULES)] : [module ?? meant ?? 'courier'])
      worst = Math.max(
        worst,
        await runDemo(client, {
          module: code,
          moduleUrl: asText(given['moduleUrl']),
          secret: asText(given['secret']),
          wait: Number(wait) * 1000,
          print: (line) => io.print(line),
          operatorToken: asText(given['operatorToken']) ?? environment.operatorToken,
          operatorUrl: environment.operatorUrl,
          out: asText(given['out']),
          pbx: asText(given['pbx']),
          recordings: asText(given['recordings']),
          messenger: asText(given['messenger'])?.replace(/\/+$/, ''),
          warehouse: asText(given['warehouse'])?.replace(/\/+$/, ''),
        }),
      );
    io.exit(worst);
  });
}

function readNumber(value: string): number {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || value.trim() === '') throw new InvalidArgumentError('not a number');
  return parsed;
}
