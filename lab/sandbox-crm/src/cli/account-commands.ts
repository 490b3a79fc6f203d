import demoOrders from '../data/demo-orders.json' with { type: 'json' };
import { type JsonObject, asList, asObject, asObjects, asText, isObject, parseJson } from '../json.js';
import { type CommandAnswer, type Given, type Commands, view, rows, ORDER, outcome } from './command.js';
import { CommandError, type ControlClient } from './control-client.js';
import { chooseExitCode, destination, outcomeLines } from './output.js';

/** Commands of the account, its modules and orders. */
export const ACCOUNT_COMMANDS: Commands = {
  connect: {
    about: 'connect a module to the account, or renew its connection',
    words: { '[code]': "the module's code (default: --module)" },
    options: {
      '--module-url <url>': "where the module answers (default: beside the modules that are connected, else the deployment's address)",
      '--secret <secret>': 'the secret shared with the module (default: MODULE_<CODE>_SECRET, else the development secret)',
    },
    run: async ({ client, module }, { code, ...given }) => {
      const name = asText(code) ?? module ?? 'courier';
      const result = await client.post(client.of(`modules/${encodeURIComponent(name)}/connect`), given);
      return { result, lines: connectedLines(name, result), code: chooseExitCode(result) };
    },
  },
  activity: {
    about: 'tell the module that it is active or not, frozen or not, or that the account was renamed',
    options: {
      '--active': 'switch it on',
      '--no-active': 'switch it off',
      '--freeze': 'freeze it',
      '--no-freeze': 'unfreeze it',
      '--rename <url>':
        'move the account to another address of this host first, such as http://127.0.0.1:3199 (the module must allow it: CRM_HOSTS)',
    },
    run: async ({ client, module }, given) =>
      outcome(await client.post(client.of(`modules/${encodeURIComponent(module ?? 'courier')}/activity`), given)),
  },
  settings: {
    about: "show the account's settings, or change them and tell the modules",
    options: {
      '--timezone <zone>': 'IANA name, such as Europe/Madrid',
      '--language <code>': 'RU, ES, EN',
      '--currency <code>': 'default currency, ISO 4217',
      '--day-off <mm.dd>': ['add a non-working day (repeatable)', []],
      '--notify': ['send the settings as they are', false],
    },
    run: ({ client }, given) => changeSettings(client, given),
  },
  'orders list': view('list them', 'orders', ({ orders }) =>
    rows(asObjects(orders).map(orderCells), 'No orders. Make some: orders create --demo', ['id', 'number', 'total', 'delivery', 'to']),
  ),
  'orders show': {
    about: 'show one with its deliveries',
    words: { '<order>': ORDER },
    run: async ({ client }, { order }) => printed(await client.get(client.of(`orders/${encodeURIComponent(String(order))}`))),
  },
  'orders create': {
    about:
      'make an order of the contract\'s fields (packages: [{"weight":1000,"length":300,"width":200,"height":100,"items":[[0,1]]}]), or the demo orders',
    options: { '--data <json>': 'the order as JSON', '--demo': ['make the demo orders', false] },
    run: async ({ client }, { data, demo }) => {
      const parsed = parseJson(asText(data) ?? '');
      if (demo !== true && !isObject(parsed))
        throw new CommandError('Give the order with --data \'{"firstName":"Ann","items":[...]}\', or take the demo orders with --demo');
      const orders: JsonObject[] = [];
      for (const order of demo === true ? demoOrders : [asObject(parsed)]) orders.push(await client.post(client.of('orders'), order));
      const total = (made: JsonObject): string => `${String(made['totalSumm'])} ${String(made['currency'])}`;
      const lines = orders.map((made) => `order ${String(made['id'])} (${String(made['number'])}): ${total(made)} to ${destination(made)}`);
      return { result: orders.length === 1 ? asObject(orders[0]) : { orders }, lines };
    },
  },
};

function orderCells(order: JsonObject): string[] {
  const delivery = asObjects(order['deliveries']).findLast((one) => one['deleted'] !== true);
  return [
    String(order['id']),
    String(order['number']),
    `${String(order['totalSumm'])} ${String(order['currency'])}`,
    delivery ? `${String(delivery['deliveryId'])} ${String(delivery['status'] ?? '')}` : '-',
    destination(order),
  ];
}

function connectedLines(module: string, result: JsonObject): string[] {
  return [
    ...asObjects(result['steps']).flatMap((step) => outcomeLines({ ...step, violations: [] })),
    ...asList(result['violations']).map((violation) => `  AGAINST THE CONTRACT: ${String(violation)}`),
    ...(result['ok'] === true
      ? [
          `Connected "${module}" to ${String(result['systemUrl'])} with ${asList(result['scopes']).join(', ')}`,
          ...asList(result['capabilities']).map((line) => `  ${String(line)}`),
          `Account page: ${String(result['accountUrl'])}`,
        ]
      : [`"${module}" is not connected`]),
  ];
}

async function changeSettings(client: ControlClient, given: Given): Promise<CommandAnswer> {
  const path = client.of('settings');
  const { settings } = await client.get(path);
  const days = asList(given['dayOff']).map((day) => ({ start_date: day, end_date: day }));
  const changes: JsonObject = {
    timezone: given['timezone'],
    system_language: asText(given['language'])?.toUpperCase(),
    default_currency: asText(given['currency'])?.toUpperCase(),
    ...(days.length > 0 && { non_working_days: [...asObjects(asObject(settings)['non_working_days']), ...days] }),
  };
  if (Object.values(changes).every((change) => change === undefined) && given['notify'] !== true) return printed(asObject(settings));
  const result = await client.put(path, changes);
  const outcomes = asObjects(result['callbacks']);
  const lines = outcomes.length === 0 ? ['Changed. No module wants to know.'] : outcomes.flatMap(outcomeLines);
  return { result, lines, code: Math.max(0, ...outcomes.map(chooseExitCode)) };
}

function printed(result: JsonObject): CommandAnswer {
  return { result, lines: [JSON.stringify(result, null, 2)] };
}
