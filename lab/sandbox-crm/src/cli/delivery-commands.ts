import { writeFile } from 'node:fs/promises';
import { asList, asObject, asObjects, asText } from '../json.js';
import { type CommandRow, type Commands, view, rows, ORDER, callback, runCallback, outcome } from './command.js';
import { CommandError } from './control-client.js';
import { destination, historyLines, pointLines, tariffLines } from './output.js';

/** Commands of deliveries. */
export const DELIVERY_COMMANDS: Commands = {
  calculate: callback('@delivery', 'calculate', 'ask for tariffs for an order', { '<order>': ORDER }, {}, ({ body }) => tariffLines(body)),
  save: callback(
    '@delivery',
    'save',
    "make the order's delivery, or edit the one it has",
    { '<order>': ORDER },
    {
      '--tariff <code>': "tariff (default: the order's, else the cheapest that fits)",
      '--point <code>': 'pickup point to deliver to',
      '--repeat': ['send it as new although there is a delivery, as after a lost reply', false],
      '--extra <field=value>': ['a data field of the module (repeatable)', []],
    },
    ({ order }) =>
      asObjects(asObject(order)['deliveries'])
        .filter((one) => one['deleted'] !== true)
        .flatMap(historyLines),
    ({ extra, ...given }) => ({
      ...given,
      extraData: Object.fromEntries(asList(extra).map((pair) => String(pair).split(/=(.*)/s).slice(0, 2) as [string, string])),
    }),
  ),
  get: deliveryCallback('get', "read the order's delivery from the module"),
  delete: deliveryCallback('delete', "take the order's delivery back"),
  print: {
    about: 'print a form of orders (or shipments) into one PDF, in the order given',
    words: { '<orders...>': 'ids, numbers or external ids; with --shipments ids of shipments' },
    options: {
      '--form <code>': "code of the printed form (default: the module's first)",
      '--shipments': ['the arguments are shipment ids of the module', false],
      '--out <file>': 'where to write the PDF',
    },
    run: async (tools, { orders, shipments, form, out }) => {
      const result = await runCallback(tools, '@delivery', 'print', { ...(shipments === true ? { shipments: orders } : { orders }), form });
      const [file, path] = [asText(result['file']), asText(out)];
      if (file !== undefined && path !== undefined) await writeFile(path, await tools.client.file(file));
      const where = path === undefined ? `kept by the sandbox as ${String(file)}` : `written to ${path}`;
      return outcome(result, [`  ${String(result['bytes'])} bytes, ${where}`]);
    },
  },
  shipment: callback(
    '@delivery',
    'shipmentSave',
    "make a shipment of the orders' deliveries",
    { '<orders...>': 'ids, numbers or external ids' },
    { '--date <date>': 'Y-m-d (default: today)', '--shipment-id <id>': 'edit this shipment' },
    ({ shipment }) => [`  shipment ${String(asObject(shipment)['externalId'])}`],
    ({ orders, date, shipmentId }) => ({ orders, shipment: { date, externalId: shipmentId } }),
  ),
  'shipment-delete': callback('@delivery', 'shipmentDelete', 'take a shipment back', { '<shipmentId>': "the module's id of the shipment" }),
  points: callback(
    '@delivery',
    'shipmentPointList',
    'list the points that take parcels',
    {},
    {
      '--country <iso>': 'country code',
      '--region <name>': 'region',
      '--city <name>': 'city',
      '--code <store>': 'warehouse of the account',
    },
    ({ body }) => pointLines(body),
    (query) => ({ query }),
  ),
  tariffs: callback('@delivery', 'tariffList', 'list all tariffs of the module', {}, {}, ({ body }) => tariffLines(body)),
  autocomplete: callback(
    '@delivery',
    'autocomplete',
    'ask for values of an autocomplete field',
    { '<term>': 'what was typed' },
    { '--field <code>': "the field (default: the module's first)" },
    ({ body }) =>
      rows(
        asObjects(asObject(body)['result']).map((item) => [
          `  ${String(item['value'])}`,
          String(item['label']),
          asText(item['description']) ?? '',
        ]),
        '  nothing fits',
      ),
  ),
  statuses: view(
    "show the statuses that arrived for an order's deliveries",
    ({ order }) => `orders/${encodeURIComponent(String(order))}`,
    (order) => {
      const deliveries = asObjects(order['deliveries']);
      if (deliveries.length === 0) return [`Order ${String(order['number'])} has no delivery`];
      return [`order ${String(order['number'])} to ${destination(order)}`, ...deliveries.flatMap(historyLines)];
    },
    { '<order>': ORDER },
  ),
};

function deliveryCallback(name: 'get' | 'delete', about: string): CommandRow {
  return callback(
    '@delivery',
    name,
    about,
    { '[order]': ORDER },
    { '--delivery-id <id>': 'the delivery itself' },
    ({ body }) => [JSON.stringify(asObject(body)['result'] ?? {}, null, 2)],
    (given) => {
      if (given['order'] === undefined && given['deliveryId'] === undefined)
        throw new CommandError(`Name an order or --delivery-id: sandbox ${name} 1`);
      return given;
    },
  );
}
