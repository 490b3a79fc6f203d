import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { addChatCommands } from './chat-commands.js';
import { CommandError, ControlClient } from './control-client.js';
import { EXIT, destination, chooseExitCode, historyLines, outcomeLines, pointLines, table, tariffLines } from './output.js';
import { type CommandTools, addPaymentCommands } from './payment-commands.js';
import { addRecommendationCommands } from './recommendation-commands.js';
import { OperatorClient } from './operator-client.js';
import { addStoreCommands } from './store-commands.js';
import { addTelephonyCommands } from './telephony-commands.js';
import { runDemo } from '../demo/demo.js';
import type { SandboxEnvironment } from '../environment.js';
import { FAULT_KINDS } from '../engine/faults.js';
import { type JsonObject, asList, asObject, asObjects, asText, at, isObject, parseJson } from '../json.js';

/** The output of the command line. */
export interface CommandIo {
  /** Writes one or more lines. */
  print(text: string): void;
  /** Sets the exit code. */
  exit(code: number): void;
}

interface GlobalOptions {
  readonly sandbox: string;
  readonly account: string;
  readonly module: string;
  readonly json: boolean;
  readonly multipart: boolean;
}

/** The modules for the flags of `demo`, unless `--module` is given. */
const DEMO_MODULES = {
  payments: 'testpay',
  telephony: 'asterisk',
  store: 'ledger',
  recommendations: 'copurchase',
  visits: 'webvisits',
} as const;

interface DemoFlags {
  readonly all: boolean;
  readonly payments: boolean;
  readonly telephony: boolean;
  readonly store: boolean;
  readonly recommendations: boolean;
  readonly visits: boolean;
  readonly pbx?: string;
  readonly recordings: string;
  readonly messenger?: string;
  readonly warehouse?: string;
  readonly moduleUrl?: string;
  readonly secret?: string;
  readonly operatorToken?: string;
  readonly out?: string;
  readonly wait: number;
}

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
      'the module that is meant, or a further instance of it by its own code (commands of one integration otherwise take the first connected one that has it)',
      'courier',
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

  const globals = (): GlobalOptions => program.opts<GlobalOptions>();
  const client = (): ControlClient => new ControlClient(globals().sandbox.replace(/\/+$/, ''), globals().account);

  function print(result: JsonObject, lines: readonly string[]): void {
    io.print(globals().json ? JSON.stringify(result, null, 2) : lines.join('\n'));
  }

  function showOutcome(outcome: JsonObject, lines: readonly string[] = []): void {
    print(outcome, [...outcomeLines(outcome), ...(outcome['ok'] === true ? lines : [])]);
    io.exit(chooseExitCode(outcome));
  }

  /** Returns the given module, or the first connected one with this kind of integration. */
  async function moduleFor(kind: string): Promise<string> {
    const { module } = globals();
    if (program.getOptionValueSource('module') !== 'default') return module;
    const connected = asObjects((await client().get(client().of('modules')))['modules']);
    const fits = connected.find((one) => isObject(asObject(asObject(one['registration'])['integrations'])[kind]));
    return asText(fits?.['code']) ?? module;
  }

  /** Returns the given module, or the first connected messenger, which registers its webhooks. */
  async function findMessenger(): Promise<string> {
    if (program.getOptionValueSource('module') !== 'default') return globals().module;
    const connected = asObjects((await client().get(client().of('modules')))['modules']);
    const isMessenger = (one: JsonObject): boolean => at(one, 'registration.integrations.mgTransport.webhookUrl') !== undefined;
    const code = asText(connected.find(isMessenger)?.['code']);
    if (code === undefined)
      throw new CommandError('No connected module is a messenger: connect one (connect <code>), or name it with --module');
    return code;
  }

  /** Returns a module's default base URL: its last one, another connected module's or the environment's. */
  async function findAddress(module: string): Promise<string> {
    const known = asObjects((await client().get(client().of('modules')))['modules']);
    const readUrl = (one: JsonObject | undefined): string | undefined => asText(asObject(one?.['connection'])['moduleUrl']);
    const beside = readUrl(known.find((one) => readUrl(one) !== undefined)) ?? `${environment.modulesUrl}/`;
    return readUrl(known.find((one) => one['code'] === module)) ?? new URL(module, beside).href;
  }

  async function callback(name: string, body: JsonObject, kind = 'delivery'): Promise<JsonObject> {
    const sandbox = client();
    return sandbox.post(sandbox.of(`modules/${encodeURIComponent(await moduleFor(kind))}/callbacks/${name}`), {
      ...body,
      encoding: globals().multipart ? 'multipart' : 'urlencoded',
    });
  }

  /** Throws `CommandError` without a token, or if the deployment has no connection of the account. */
  async function openOperator(token: string | undefined, kind: string): Promise<{ operator: OperatorClient; connection: string }> {
    const known = token ?? environment.operatorToken;
    if (known === undefined) throw new CommandError('Give --operator-token, or OPERATOR_TOKEN');
    const module = await moduleFor(kind);
    const operator = new OperatorClient(await findAddress(module), known, environment.operatorUrl);
    const accounts = asObjects((await client().get('/accounts'))['accounts']);
    const url = accounts.find(({ code }) => code === globals().account)?.['url'];
    const connection = await operator.findConnection(module, String(url));
    if (connection === undefined) throw new CommandError(`The module's operator API lists no connection of "${module}" to ${String(url)}`);
    return { operator, connection };
  }

  program
    .command('connect')
    .description('connect a module to the account, or renew its connection')
    .argument('[code]', "the module's code (default: --module)")
    .option(
      '--module-url <url>',
      `where the module answers (default: beside the modules that are connected, else ${environment.modulesUrl}/<code>)`,
    )
    .option('--secret <secret>', 'the secret shared with the module (default: MODULE_<CODE>_SECRET, else the development secret)')
    .action(async (code: string | undefined, options: { moduleUrl?: string; secret?: string }) => {
      const sandbox = client();
      const module = code ?? globals().module;
      const secret = options.secret ?? environment.moduleSecret(module);
      const result = await sandbox.post(sandbox.of(`modules/${encodeURIComponent(module)}/connect`), {
        moduleUrl: options.moduleUrl ?? (await findAddress(module)),
        secret,
      });
      print(result, [
        ...asObjects(result['steps']).flatMap((step) => outcomeLines({ ...step, violations: [] })),
        ...asList(result['violations']).map((violation) => `  AGAINST THE CONTRACT: ${String(violation)}`),
        ...(result['ok'] === true
          ? [
              `Connected "${module}" to ${String(result['systemUrl'])} with ${asList(result['scopes']).join(', ')}`,
              ...asList(result['capabilities']).map((line) => `  ${String(line)}`),
              `Account page: ${String(result['accountUrl'])}`,
            ]
          : [`"${module}" is not connected`]),
      ]);
      io.exit(chooseExitCode(result));
    });

  program
    .command('activity')
    .description('tell the module that it is active or not, frozen or not, or that the account was renamed')
    .option('--active', 'switch it on')
    .option('--no-active', 'switch it off')
    .option('--freeze', 'freeze it')
    .option('--no-freeze', 'unfreeze it')
    .option(
      '--rename <url>',
      'move the account to another address of this host first, such as http://127.0.0.1:3199 (the module must allow it: CRM_HOSTS)',
    )
    .action(async (options: { active?: boolean; freeze?: boolean; rename?: string }) => {
      const sandbox = client();
      showOutcome(await sandbox.post(sandbox.of(`modules/${encodeURIComponent(globals().module)}/activity`), { ...options }));
    });

  program
    .command('settings')
    .description("show the account's settings, or change them and tell the modules")
    .option('--timezone <zone>', 'IANA name, such as Europe/Madrid')
    .option('--language <code>', 'RU, ES, EN')
    .option('--currency <code>', 'default currency, ISO 4217')
    .option('--day-off <mm.dd>', 'add a non-working day (repeatable)', collect, [])
    .option('--notify', 'send the settings as they are', false)
    .action(async (options: { timezone?: string; language?: string; currency?: string; dayOff: string[]; notify: boolean }) => {
      const sandbox = client();
      const path = sandbox.of('settings');
      const changes: JsonObject = {};
      if (options.timezone !== undefined) changes['timezone'] = options.timezone;
      if (options.language !== undefined) changes['system_language'] = options.language.toUpperCase();
      if (options.currency !== undefined) changes['default_currency'] = options.currency.toUpperCase();
      if (options.dayOff.length > 0) {
        const known = asObjects(asObject((await sandbox.get(path))['settings'])['non_working_days']);
        changes['non_working_days'] = [...known, ...options.dayOff.map((day) => ({ start_date: day, end_date: day }))];
      }
      if (Object.keys(changes).length === 0 && !options.notify) {
        io.print(JSON.stringify((await sandbox.get(path))['settings'], null, 2));
        return;
      }
      const result = await sandbox.put(path, changes);
      const outcomes = asObjects(result['callbacks']);
      print(result, outcomes.length === 0 ? ['Changed. No module wants to know.'] : outcomes.flatMap(outcomeLines));
      io.exit(Math.max(0, ...outcomes.map(chooseExitCode)));
    });

  const orders = program.command('orders').description("the account's orders");

  orders
    .command('list', { isDefault: true })
    .description('list them')
    .action(async () => {
      const sandbox = client();
      const result = await sandbox.get(sandbox.of('orders'));
      const rows = asObjects(result['orders']).map((order) => {
        const delivery = asObjects(order['deliveries']).findLast((one) => one['deleted'] !== true);
        return [
          String(order['id']),
          String(order['number']),
          `${String(order['totalSumm'])} ${String(order['currency'])}`,
          delivery ? `${String(delivery['deliveryId'])} ${String(delivery['status'] ?? '')}` : '-',
          destination(order),
        ];
      });
      print(
        result,
        rows.length === 0
          ? ['No orders. Make some: orders create --demo']
          : table([['id', 'number', 'total', 'delivery', 'to'], ...rows]).split('\n'),
      );
    });

  orders
    .command('show')
    .description('show one with its deliveries')
    .argument('<order>', 'id, number or external id')
    .action(async (order: string) => {
      const sandbox = client();
      io.print(JSON.stringify(await sandbox.get(sandbox.of(`orders/${encodeURIComponent(order)}`)), null, 2));
    });

  orders
    .command('create')
    .description(
      'make an order of the contract\'s fields (packages: [{"weight":1000,"length":300,"width":200,"height":100,"items":[[0,1]]}]), or the demo orders',
    )
    .option('--data <json>', 'the order as JSON')
    .option('--demo', 'make the demo orders', false)
    .action(async (options: { data?: string; demo: boolean }) => {
      const sandbox = client();
      const { demoOrders } = await import('../demo/demo-orders.js');
      let given: readonly JsonObject[] = demoOrders;
      if (!options.demo) {
        const parsed = parseJson(options.data ?? '');
        if (!isObject(parsed))
          throw new CommandError('Give the order with --data \'{"firstName":"Ann","items":[...]}\', or take the demo orders with --demo');
        given = [parsed];
      }
      for (const order of given) {
        const made = await sandbox.post(sandbox.of('orders'), order);
        print(made, [
          `order ${String(made['id'])} (${String(made['number'])}): ${String(made['totalSumm'])} ${String(made['currency'])} to ${destination(made)}`,
        ]);
      }
    });

  program
    .command('calculate')
    .description('ask for tariffs for an order')
    .argument('<order>', 'id, number or external id')
    .action(async (order: string) => {
      const outcome = await callback('calculate', { order });
      showOutcome(outcome, tariffLines(outcome['body']));
    });

  program
    .command('save')
    .description("make the order's delivery, or edit the one it has")
    .argument('<order>', 'id, number or external id')
    .option('--tariff <code>', "tariff (default: the order's, else the cheapest that fits)")
    .option('--point <code>', 'pickup point to deliver to')
    .option('--repeat', 'send it as new although there is a delivery, as after a lost reply', false)
    .option('--extra <field=value>', 'a data field of the module (repeatable)', collect, [])
    .action(async (order: string, options: { tariff?: string; point?: string; repeat: boolean; extra: string[] }) => {
      const extraData = Object.fromEntries(options.extra.map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
      const outcome = await callback('save', {
        order,
        repeat: options.repeat,
        extraData,
        tariff: options.tariff,
        point: options.point,
      });
      const deliveries = asObjects(asObject(outcome['order'])['deliveries']).filter((one) => one['deleted'] !== true);
      showOutcome(outcome, deliveries.flatMap(historyLines));
    });

  for (const [name, what] of [
    ['get', "read the order's delivery from the module"],
    ['delete', "take the order's delivery back"],
  ] as const) {
    program
      .command(name)
      .description(what)
      .argument('[order]', 'id, number or external id')
      .option('--delivery-id <id>', 'the delivery itself')
      .action(async (order: string | undefined, options: { deliveryId?: string }) => {
        if (order === undefined && options.deliveryId === undefined)
          throw new CommandError(`Name an order or --delivery-id: sandbox ${name} 1`);
        const outcome = await callback(name, {
          order,
          deliveryId: options.deliveryId,
        });
        showOutcome(outcome, [JSON.stringify(asObject(outcome['body'])['result'] ?? {}, null, 2)]);
      });
  }

  program
    .command('print')
    .description('print a form of orders (or shipments) into one PDF, in the order given')
    .argument('<orders...>', 'ids, numbers or external ids; with --shipments ids of shipments')
    .option('--form <code>', "code of the printed form (default: the module's first)")
    .option('--shipments', 'the arguments are shipment ids of the module', false)
    .option('--out <file>', 'where to write the PDF')
    .action(async (names: string[], options: { form?: string; shipments: boolean; out?: string }) => {
      const outcome = await callback('print', {
        ...(options.shipments ? { shipments: names } : { orders: names }),
        form: options.form,
      });
      const file = asText(outcome['file']);
      if (file !== undefined && options.out !== undefined) await writeFile(options.out, await client().file(file));
      showOutcome(outcome, [
        `  ${String(outcome['bytes'])} bytes, ${options.out === undefined ? `kept by the sandbox as ${String(file)}` : `written to ${options.out}`}`,
      ]);
    });

  program
    .command('shipment')
    .description("make a shipment of the orders' deliveries")
    .argument('<orders...>', 'ids, numbers or external ids')
    .option('--date <date>', 'Y-m-d (default: today)')
    .option('--shipment-id <id>', 'edit this shipment')
    .action(async (names: string[], options: { date?: string; shipmentId?: string }) => {
      const shipment: JsonObject = {
        date: options.date,
        externalId: options.shipmentId,
      };
      const outcome = await callback('shipmentSave', { orders: names, shipment });
      showOutcome(outcome, [`  shipment ${String(asObject(outcome['shipment'])['externalId'])}`]);
    });

  program
    .command('shipment-delete')
    .description('take a shipment back')
    .argument('<shipmentId>', "the module's id of the shipment")
    .action(async (shipmentId: string) => showOutcome(await callback('shipmentDelete', { shipmentId })));

  program
    .command('points')
    .description('list the points that take parcels')
    .option('--country <iso>', 'country code')
    .option('--region <name>', 'region')
    .option('--city <name>', 'city')
    .option('--code <store>', 'warehouse of the account')
    .action(async (options: { country?: string; region?: string; city?: string; code?: string }) => {
      const outcome = await callback('shipmentPointList', { query: { ...options } });
      showOutcome(outcome, pointLines(outcome['body']));
    });

  program
    .command('tariffs')
    .description('list all tariffs of the module')
    .action(async () => {
      const outcome = await callback('tariffList', {});
      showOutcome(outcome, tariffLines(outcome['body']));
    });

  program
    .command('autocomplete')
    .description('ask for values of an autocomplete field')
    .argument('<term>', 'what was typed')
    .option('--field <code>', "the field (default: the module's first)")
    .action(async (term: string, options: { field?: string }) => {
      const outcome = await callback('autocomplete', { term, field: options.field });
      const items = asObjects(asObject(outcome['body'])['result']).map((item) => [
        `  ${String(item['value'])}`,
        String(item['label']),
        asText(item['description']) ?? '',
      ]);
      showOutcome(outcome, items.length === 0 ? ['  nothing fits'] : table(items).split('\n'));
    });

  program
    .command('statuses')
    .description("show the statuses that arrived for an order's deliveries")
    .argument('<order>', 'id, number or external id')
    .action(async (name: string) => {
      const sandbox = client();
      const order = await sandbox.get(sandbox.of(`orders/${encodeURIComponent(name)}`));
      const deliveries = asObjects(order['deliveries']);
      print(
        { deliveries },
        deliveries.length === 0
          ? [`Order ${String(order['number'])} has no delivery`]
          : [`order ${String(order['number'])} to ${destination(order)}`, ...deliveries.flatMap(historyLines)],
      );
    });

  const toolsFor = (kind: string): CommandTools => ({
    client,
    callback: (name, body) => callback(name, body, kind),
    showOutcome,
    print,
    number,
    exit: (code) => io.exit(code),
    operator: (token) => openOperator(token, kind),
    messenger: findMessenger,
  });
  addPaymentCommands(program, toolsFor('payment'));
  addTelephonyCommands(program, toolsFor('telephony'));
  addStoreCommands(program, toolsFor('store'));
  addRecommendationCommands(program, toolsFor('recommendation'));
  addChatCommands(program, toolsFor('mgTransport'));

  program
    .command('journal')
    .description('show what was sent and received')
    .option('--in', 'only calls of modules to the API', false)
    .option('--out', 'only callbacks to modules', false)
    .option('--name <part>', "part of a method's or callback's name")
    .option('--violations', 'only what was against the contract', false)
    .option('--limit <n>', 'the newest so many', '30')
    .option('--bodies', 'with the bodies', false)
    .option('--clear', 'forget it all', false)
    .action(
      async (options: {
        in: boolean;
        out: boolean;
        name?: string;
        violations: boolean;
        limit: string;
        bodies: boolean;
        clear: boolean;
      }) => {
        const sandbox = client();
        if (options.clear) return void (await sandbox.delete('/journal'));
        const query = new URLSearchParams({ account: globals().account, limit: options.limit });
        if (options.in !== options.out) query.set('direction', options.in ? 'in' : 'out');
        if (options.name !== undefined) query.set('name', options.name);
        if (options.violations) query.set('violations', '1');
        const result = await sandbox.get(`/journal?${query.toString()}`);
        const entries = asObjects(result['entries']);
        const lines = entries.flatMap((entry) => [
          `#${String(entry['id'])} ${String(entry['at'])} ${entry['direction'] === 'in' ? 'module -> CRM' : 'CRM -> module'} ${String(entry['name'])} ${String(entry['status'])} ${String(entry['milliseconds'])} ms${entry['fault'] === undefined ? '' : ` [played: ${String(entry['fault'])}]`}`,
          ...asList(entry['violations']).map((violation) => `    AGAINST THE CONTRACT: ${String(violation)}`),
          ...asList(entry['notes']).map((note) => `    note: ${String(note)}`),
          ...(options.bodies
            ? [
                `    ${String(entry['verb'])} ${String(entry['url'])}`,
                `    > ${JSON.stringify(entry['request'])}`,
                `    < ${JSON.stringify(entry['response'])}`,
              ]
            : []),
        ]);
        print(result, lines.length === 0 ? ['Nothing.'] : lines);
        if (entries.some((entry) => asList(entry['violations']).length > 0)) io.exit(EXIT.violated);
      },
    );

  program
    .command('faults')
    .description(`make the API misbehave: ${FAULT_KINDS.join(', ')}; without an argument, show what is on`)
    .argument('[kind]', 'how, or "off"')
    .option('--path <pattern>', 'calls whose path fits, * for any text')
    .option('--holding <text>', 'calls whose parameters hold this text, such as an id in quotes')
    .option('--times <n>', 'so many calls', number)
    .option('--share <part>', 'part of the calls, 0 to 1', number)
    .option('--ms <n>', 'for slow: milliseconds', number)
    .option('--retry-after <seconds>', 'for 429 and 503', number)
    .option('--status <n>', 'for error-before: HTTP status', number)
    .option('--error-msg <text>', 'for error-before: what the answer says')
    .action(async (kind: string | undefined, { ms, ...rest }: JsonObject) => {
      const sandbox = client();
      if (kind === 'off') await sandbox.delete('/faults');
      else if (kind !== undefined) await sandbox.post('/faults', { kind, ...rest, milliseconds: ms });
      const result = await sandbox.get('/faults');
      const faults = asObjects(result['faults']);
      print(result, faults.length === 0 ? ['The API behaves.'] : faults.map((fault) => JSON.stringify(fault)));
    });

  program
    .command('reset')
    .description('forget orders, deliveries, records, journal and faults')
    .option('--everything', 'also modules, keys, settings and other accounts', false)
    .action(async (options: { everything: boolean }) => {
      await client().post('/reset', { everything: options.everything });
      io.print('Done.');
    });

  program
    .command('demo')
    .description(
      'the whole path of what the module does, on realistic orders of three countries. Delivery: connect, quote, save, edit, print, ship, track, delete. Payments: invoice, pay, decline, approve, cancel, refund. Telephony: call, statuses, record. Store: stock, reserve, release. Recommendations: bought together, analogs. Chat: a visit, online, erasure. A messenger: channels, a dialogue',
    )
    .option('--all', 'of all built-in modules, one after another', false)
    .option('--payments', 'of the payment module "testpay", unless --module names another', false)
    .option('--telephony', 'of the telephony module "asterisk"; the call needs a PBX: npm run double -- asterisk --port 5038', false)
    .option('--store', 'of the warehouse module "ledger"', false)
    .option('--recommendations', 'of the recommendation module "copurchase"', false)
    .option('--visits', 'of the chat module "webvisits"', false)
    .option(
      '--module-url <url>',
      `where the module answers (default: beside the modules that are connected, else ${environment.modulesUrl}/<code>)`,
    )
    .option('--secret <secret>', 'the secret shared with the module')
    .option(
      '--operator-token <token>',
      "bearer token of the module's operator API, to report statuses, set up shops and stock (default: OPERATOR_TOKEN, else what npm run up keeps in DATA_DIR)",
    )
    .option('--out <folder>', 'where to write the printed forms')
    .option('--pbx <host:port>', 'for telephony: the PBX to use (default: the one in the settings, else 127.0.0.1:5038)')
    .option(
      '--recordings <folder>',
      "for telephony: where the PBX keeps its recordings, a folder in the module's RECORDINGS_ROOT",
      join(environment.dataDir, 'recordings', 'demo'),
    )
    .option(
      '--messenger <url>',
      "for a messenger: its double, which is told the module's address and whose customer writes (default: wait until somebody writes)",
    )
    .option('--warehouse <url>', "for a module whose stock is MoySklad's: its double, into which the demo puts goods")
    .option('--wait <seconds>', 'how long to wait for what the module sends', number, 60)
    .action(async (options: DemoFlags) => {
      const meant = (Object.keys(DEMO_MODULES) as (keyof typeof DEMO_MODULES)[]).find((flag) => options[flag]);
      const named = meant !== undefined && program.getOptionValueSource('module') === 'default' ? DEMO_MODULES[meant] : globals().module;
      let worst: number = EXIT.done;
      for (const module of options.all ? ['courier', ...Object.values(DEMO_MODULES)] : [named]) {
        const code = await runDemo(client(), {
          module,
          moduleUrl: options.moduleUrl ?? (await findAddress(module)),
          secret: options.secret ?? environment.moduleSecret(module),
          wait: options.wait * 1000,
          print: (line) => io.print(line),
          operatorToken: options.operatorToken ?? environment.operatorToken,
          operatorUrl: environment.operatorUrl,
          out: options.out,
          pbx: options.pbx,
          recordings: options.recordings,
          messenger: options.messenger?.replace(/\/+$/, ''),
          warehouse: options.warehouse?.replace(/\/+$/, ''),
        });
        worst = Math.max(worst, code);
      }
      io.exit(worst);
    });

  return program;
}

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

function number(value: string): number {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || value.trim() === '') throw new InvalidArgumentError('not a number');
  return parsed;
}
