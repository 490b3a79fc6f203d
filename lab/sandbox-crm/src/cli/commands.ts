import { writeFile } from 'node:fs/promises';
import demoOrders from '../data/demo-orders.json' with { type: 'json' };
import { playBuyer } from '../demo/buyer.js';
import { FAULT_KINDS } from '../engine/faults.js';
import type { SandboxEnvironment } from '../environment.js';
import { type Json, type JsonObject, asList, asObject, asObjects, asText, isObject, parseJson } from '../json.js';
import { NO_GATEWAY, channelLines, dialogueLines, messageLine, onlineLines, visitLines } from './chat-output.js';
import { CommandError, type ControlClient } from './control-client.js';
import { OperatorClient } from './operator-client.js';
import { EXIT, chooseExitCode, destination, historyLines, exchangeLines, outcomeLines, pointLines, table, tariffLines } from './output.js';
import { invoiceLines } from './payment-output.js';
import { recommendationLines } from './recommendation-output.js';
import { differenceLines, stockLines } from './store-output.js';
import { callLines } from './telephony-output.js';

/** A command line's answer: the raw result, its lines for people, and the exit code. */
export interface CommandAnswer {
  readonly result: JsonObject;
  readonly lines: readonly string[];
  readonly code?: number;
}

/** The sandbox and the global options of a command. */
export interface CommandTools {
  readonly client: ControlClient;
  readonly environment: SandboxEnvironment;
  /** The module of `--module`, if it is given. */
  readonly module: string | undefined;
  readonly isMultipart: boolean;
}

/** The arguments and options of a call by name. Numbers are numbers. */
export type Given = JsonObject;

/** A command of the command line: its words and its call of the control API. */
export interface CommandRow {
  readonly about: string;
  /** Help by notation: `<order>`, `[order]`, `<orders...>`. */
  readonly words?: { readonly [notation: string]: string };
  /** Help by flags, with a default. `<n>` and `<seconds>` are numbers, a default list collects values. */
  readonly options?: { readonly [flags: string]: string | readonly [help: string, fallback: string | number | boolean | string[]] };
  readonly run: (tools: CommandTools, given: Given) => Promise<CommandAnswer>;
}

const ORDER = 'id, number or external id';
const OFFER = 'id, xmlId or externalId';
const INVOICE = "number, invoiceUuid or the module's payment id";
const TOKEN = 'bearer token (default: OPERATOR_TOKEN, else what npm run up keeps in DATA_DIR)';

/** All commands but `demo`, by their words. */
export const COMMANDS: { readonly [words: string]: CommandRow } = {
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
  invoice: callback(
    '@payment',
    'create',
    'make an invoice for an order and get its link from the module',
    { '[order]': ORDER },
    {
      '--amount <n>': "a part of it, in the order's currency (default: what is left to pay)",
      '--shop <code>': 'shop of the module (default: its first active one)',
      '--return-url <url>': 'where the buyer goes after paying',
      '--repeat <invoice>': 'send the invoice of this number once more, as after a lost reply',
    },
    ({ invoice }) => invoiceLines(asObject(invoice)),
    ({ repeat, ...given }) => {
      if (given['order'] === undefined && repeat === undefined) throw new CommandError('Name the order, or an invoice with --repeat');
      return repeat === undefined ? given : { invoice: repeat };
    },
  ),
  approve: invoiceCallback('approve', 'take the money that is held', {
    '--amount <n>': 'take only this much, in the currency of the invoice (default: all)',
  }),
  refund: invoiceCallback('refund', 'give money back', {
    '--amount <n>': 'this much, in the currency of the invoice (default: all that is left)',
  }),
  'cancel-payment': invoiceCallback('cancel', 'cancel an invoice that is not paid, or release its hold'),
  'payment-status': invoiceCallback('status', 'ask the module how the payment stands'),
  pay: {
    about: "play the buyer on the invoice's page of the module: enter a card and press the button",
    words: { '<invoice>': INVOICE },
    options: { '--card <number>': ['a test card of the module', '4242424242424242'] },
    run: async ({ client }, { invoice, card }) => {
      const { link } = await client.get(client.of(`invoices/${encodeURIComponent(String(invoice))}`));
      const visit = await playBuyer(asText(link) ?? '', { card: String(card) });
      const lines = [`${visit.ok ? 'The page took it' : 'The page did not take it'} (HTTP ${visit.status})`, `  ${visit.text}`];
      return { result: { ...visit }, lines, code: visit.ok ? EXIT.done : EXIT.failed };
    },
  },
  payments: {
    about: 'list the invoices, or show one with all that happened to it',
    words: { '[invoice]': INVOICE },
    options: {
      '--refuse <reason>': 'answer no, with this reason, when the module asks before it takes the money',
      '--allow': 'answer by the order again',
    },
    run: async ({ client }, { invoice, refuse, allow }) => {
      const isChange = refuse !== undefined || allow === true;
      if (invoice === undefined && isChange) throw new CommandError('Name the invoice that is meant');
      if (invoice === undefined) {
        const result = await client.get(client.of('invoices'));
        return { result, lines: rows(asObjects(result['invoices']).map(invoiceCells), 'No invoices. Make one: invoice <order>') };
      }
      const path = client.of(`invoices/${encodeURIComponent(String(invoice))}`);
      const result = isChange ? await client.put(path, { checkRefusal: refuse }) : await client.get(path);
      return { result, lines: invoiceLines(result) };
    },
  },
  call: callback(
    '@telephony',
    'makeCall',
    'press the call button: the module rings the manager, then the customer',
    { '<phone>': "the customer's number" },
    {
      '--user <id>': 'the manager (default: the first one with an extension)',
      '--code <extension>': 'his extension (default: the one that the module registered for him)',
      '--external-phone <number>': "the company's number to call from (default: the store's)",
      '--site <code>': "store that the call is made from (default: the account's first)",
    },
    () => ['  what becomes of it: calls'],
  ),
  calls: {
    about: 'list the calls, each with what the module told of it',
    words: { '[call]': "only this one, by the module's id" },
    run: async ({ client }, { call }) => {
      const all = asObjects((await client.get(client.of('calls')))['calls']);
      const calls = all.filter((story) => call === undefined || story['externalId'] === call);
      return { result: { calls }, lines: calls.length === 0 ? ['No calls. Make one: call <phone>'] : calls.flatMap(callLines) };
    },
  },
  'user-status': callback(
    '@telephony',
    'changeUserStatus',
    "change a manager's status and tell the module",
    { '<status>': 'free, busy, dinner, break' },
    {
      '--user <id>': ['the manager', '1'],
      '--code <extension>': 'his extension (default: the one that the module registered for him)',
    },
  ),
  record: {
    about: 'play the record of a call, or a part of it',
    words: { '<call>': "the module's id of the call, or its number" },
    options: { '--range <from-to>': 'only these bytes, such as 0-99', '--out <file>': 'where to write it' },
    run: async (tools, { call, range, out }) => {
      const asked = { call, ...(range === undefined ? {} : { range: `bytes=${String(range)}` }) };
      const { base64, ...result } = await runCallback(tools, '@telephony', 'record', asked);
      const where = await keepFile(result, out, Buffer.from(asText(base64) ?? '', 'base64'));
      return outcome(result, [`  ${String(result['bytes'])} bytes of ${String(result['type'])}${where}`]);
    },
  },
  'phone-account': {
    about: 'open the module\'s page, as the button "Telephony personal account" does',
    options: { '--out <file>': 'where to write it' },
    run: async (tools, { out }) => {
      const { html, ...result } = await runCallback(tools, '@telephony', 'personalAccount', {});
      const page = asText(html) ?? '';
      const where = await keepFile(result, out, page);
      const title = /<title>([^<]*)/i.exec(page)?.[1] ?? 'a page without a title';
      return outcome(result, [`  ${title}, ${Buffer.byteLength(page)} bytes${where}`]);
    },
  },
  'stock list': {
    about: 'list the stocks that the CRM has',
    words: { '[offers...]': OFFER },
    run: async ({ client }, given) => {
      const offers = await listOffers(client, asList(given['offers']));
      return { result: { offers }, lines: offers.length === 0 ? ['No such offers'] : stockLines(offers) };
    },
  },
  'stock add-offer': {
    about: 'add an offer to the catalogue',
    words: { '<name>': 'what it is called' },
    options: {
      '--external-id <id>': 'its externalId, and its xmlId too',
      '--price <n>': "in the account's currency",
      '--group <name...>': 'product groups that it is in',
    },
    run: async ({ client }, { group, ...given }) => stock(await client.post(client.of('offers'), { ...given, groups: group })),
  },
  'stock set': {
    about: 'what the CRM believes of an offer from now on, as if somebody had imported it; the module is not told',
    words: { '<offer>': OFFER, '<quantity>': 'units' },
    options: {
      '--store <code>': "the warehouse (default: the account's first)",
      '--price <n>': "purchase price of one unit, in the account's currency",
    },
    run: async ({ client }, { offer, price, ...given }) =>
      stock(await client.post(client.of(`offers/${encodeURIComponent(String(offer))}/stocks`), { ...given, purchasePrice: price })),
  },
  'stock reconcile': {
    about:
      "have the module compare what the CRM believes with what its warehouse says, and send what differs (by the module's operator API)",
    options: {
      '--dry-run': ['send nothing', false],
      '--operator-token <token>': TOKEN,
      '--wait <seconds>': ['how long to wait for its end', 60],
    },
    run: async (tools, { dryRun, operatorToken, wait }) => {
      const { operator, connection } = await openOperator(tools, asText(operatorToken));
      const result = await operator.reconcileStocks(connection, dryRun === true, Number(wait) * 1000);
      return { result, lines: differenceLines(result) };
    },
  },
  'stock upload': {
    about: 'ask the module for the stocks of these offers (default: the newest 250) and take them over',
    words: { '[offers...]': OFFER },
    run: async (tools, given) => {
      const result = await runCallback(tools, '@store', 'inventoriesUpload', given);
      return outcome(result, [
        `  ${String(result['taken'])} offers came`,
        ...stockLines(await listOffers(tools.client, asList(given['offers']))),
      ]);
    },
  },
  'stock reserve': reservation("pack an order's items from a warehouse: the module reserves them", false, {
    '--store <code>': "the warehouse (default: the one it is packed from, else the account's first)",
    '--quantity <n>': 'units of each item (default: what was ordered)',
  }),
  'stock release': reservation('unpack them again: the module ends the reservation', true),
  recommend: callback(
    '@recommendation',
    'recommendation',
    'ask the module which products go with these',
    { '<products...>': 'id or externalId' },
    {
      '--mode <code>': "a mode of the module, such as buying_with, analogs (default: the module's first)",
      '--external-ids': ['name products to the module by their external ids', false],
    },
    recommendationLines,
    ({ externalIds, ...given }) => ({ ...given, by: externalIds === true ? 'externalId' : 'id' }),
  ),
  'chat online': callback(
    '@mgTransport',
    'online',
    'ask when he was last online',
    { '<user>': 'his id in the chat (externalUserId)' },
    {},
    ({ body }) => onlineLines(asObject(body)),
  ),
  'chat visits': callback(
    '@mgTransport',
    'visits',
    "ask for his visits of the shop's site",
    { '<chat>': 'id of the chat (externalChatId)' },
    {},
    ({ body }) => visitLines(asObject(body)),
  ),
  'chat channels': dialogues("list the messenger's channels at the message gateway, each with what it can", {}, ({ channels }) => {
    const lines = asObjects(channels).flatMap(channelLines);
    if (lines.length > 0) return lines;
    return ["No channels: they come a few seconds after the module's settings are complete (npm run sandbox -- connect)."];
  }),
  'chat dialogues': dialogues(
    'list the chats of the messenger with their messages',
    { '[chat]': 'only this one, by its id at the messenger' },
    (found, { chat }) => {
      const chats = asObjects(found['dialogues']).filter((one) => chat === undefined || one['chat'] === chat);
      if (chats.length > 0) return chats.flatMap(dialogueLines);
      return [
        chat === undefined
          ? 'No dialogues: no customer has written.'
          : `There is no chat "${String(chat)}"; without its id all are listed.`,
      ];
    },
  ),
  'chat write': {
    about: 'write to a customer as a manager, and wait for the outcome',
    words: { '<chat>': 'id of the chat at the messenger, as "chat dialogues" shows it', '<text>': 'what to write' },
    options: {
      '--first': ['the customer has not written yet: <chat> is his own id at the messenger', false],
      '--channel <n>': 'the channel (default: that of the chat, else the first active one)',
      '--quote <n>': 'id of the message that it answers, as "chat dialogues" shows it',
    },
    run: async ({ client, module }, { chat, first, ...given }) => {
      const path = client.of(`modules/${encodeURIComponent(module ?? '@messenger')}/messages`);
      const result = await client.post(path, { ...(first === true ? { customer: chat } : { chat }), ...given });
      const isSent = ['sent', 'seen'].includes(asText(result['status']) ?? '');
      return { result, lines: [`  ${messageLine(result)}`], code: isSent ? EXIT.done : EXIT.failed };
    },
  },
  exchanges: {
    about: 'show what was sent and received',
    options: {
      '--in': ['only calls of modules to the API', false],
      '--out': ['only callbacks to modules', false],
      '--name <part>': "part of a method's or callback's name",
      '--violations': ['only what was against the contract', false],
      '--limit <n>': ['the newest so many', 30],
      '--bodies': ['with the bodies', false],
      '--clear': ['forget it all', false],
    },
    run: async ({ client }, given) => {
      if (given['clear'] === true) return { result: await client.delete('/exchanges'), lines: [] };
      const query = new URLSearchParams({ account: client.account, limit: String(given['limit']) });
      if (given['in'] !== given['out']) query.set('direction', given['in'] === true ? 'in' : 'out');
      if (given['name'] !== undefined) query.set('name', String(given['name']));
      if (given['violations'] === true) query.set('violations', '1');
      const result = await client.get(`/exchanges?${query.toString()}`);
      const entries = asObjects(result['entries']);
      const isViolated = entries.some((entry) => asList(entry['violations']).length > 0);
      const lines = entries.flatMap((entry) => exchangeLines(entry, given['bodies'] === true));
      return { result, lines: lines.length === 0 ? ['Nothing.'] : lines, code: isViolated ? EXIT.violated : EXIT.done };
    },
  },
  faults: {
    about: `make the API misbehave: ${FAULT_KINDS.join(', ')}; without an argument, show what is on`,
    words: { '[kind]': 'how, or "off"' },
    options: {
      '--path <pattern>': 'calls whose path fits, * for any text',
      '--holding <text>': 'calls whose parameters hold this text, such as an id in quotes',
      '--times <n>': 'so many calls',
      '--share <n>': 'part of the calls, 0 to 1',
      '--ms <n>': 'for slow: milliseconds',
      '--retry-after <seconds>': 'for 429 and 503',
      '--status <n>': 'for error-before: HTTP status',
      '--error-msg <text>': 'for error-before: what the answer says',
    },
    run: async ({ client }, { kind, ms, ...given }) => {
      if (kind === 'off') await client.delete('/faults');
      else if (kind !== undefined) await client.post('/faults', { kind, ...given, milliseconds: ms });
      const result = await client.get('/faults');
      const faults = asObjects(result['faults']);
      return { result, lines: faults.length === 0 ? ['The API behaves.'] : faults.map((fault) => JSON.stringify(fault)) };
    },
  },
  reset: {
    about: 'forget orders, deliveries, records, exchanges and faults',
    options: { '--everything': ['also modules, keys, settings and other accounts', false] },
    run: async ({ client }, given) => ({ result: await client.post('/reset', given), lines: ['Done.'] }),
  },
};

type Lines = (result: JsonObject, given: Given) => readonly string[];

/** A command that reads a path of the account. */
function view(about: string, path: string | ((given: Given) => string), lines: Lines, words?: CommandRow['words']): CommandRow {
  return {
    about,
    ...(words && { words }),
    run: async ({ client }, given) => {
      const result = await client.get(client.of(typeof path === 'string' ? path : path(given)));
      return { result, lines: lines(result, given) };
    },
  };
}

/**
 * A command that runs a callback of `--module`, else of the first connected module that registered the
 * integration. The body has the words and options, unless `read` changes it.
 */
function callback(
  module: string,
  name: string,
  about: string,
  words: CommandRow['words'],
  options: CommandRow['options'] = {},
  lines: Lines = () => [],
  read: (given: Given) => JsonObject = (given) => given,
): CommandRow {
  return {
    about,
    ...(words && { words }),
    options,
    run: async (tools, given) => {
      const result = await runCallback(tools, module, name, read(given));
      return outcome(result, lines(result, given));
    },
  };
}

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

function invoiceCallback(name: string, about: string, options?: CommandRow['options']): CommandRow {
  return callback('@payment', name, about, { '<invoice>': INVOICE }, options, ({ body, invoice }) => [
    ...(name === 'status' ? [`  ${JSON.stringify(asObject(body)['result'])}`] : []),
    ...invoiceLines(asObject(invoice)),
  ]);
}

function reservation(about: string, release: boolean, options: CommandRow['options'] = {}): CommandRow {
  return {
    about,
    words: { '<order>': ORDER },
    options: { '--offer <offer>': `only the item of this offer: ${OFFER}`, ...options },
    run: async (tools, given) => {
      const { client } = tools;
      const result = await runCallback(tools, '@store', 'inventoriesActualize', { ...given, release });
      const { items } = await client.get(client.of(`orders/${encodeURIComponent(String(given['order']))}`));
      const offers = asObjects(items).map((item) => asText(asObject(item['offer'])['id']) ?? '');
      return outcome(result, stockLines(await listOffers(client, offers)));
    },
  };
}

/** A command that shows the messenger's data at the gateway, or the next step if there is none. */
function dialogues(about: string, words: CommandRow['words'], lines: Lines): CommandRow {
  return {
    about,
    ...(words && { words }),
    run: async ({ client, module }, given) => {
      const result = await client.get(client.of(`modules/${encodeURIComponent(module ?? '@messenger')}/dialogues`));
      const isAbsent = result['gateway'] === null;
      return { result, lines: isAbsent ? ['The sandbox CRM has no message gateway.', ...NO_GATEWAY] : lines(result, given) };
    },
  };
}

function runCallback({ client, module, isMultipart }: CommandTools, first: string, name: string, body: JsonObject): Promise<JsonObject> {
  const encoding = isMultipart ? 'multipart' : 'urlencoded';
  return client.post(client.of(`modules/${encodeURIComponent(module ?? first)}/callbacks/${name}`), { ...body, encoding });
}

/** A callback's outcome with its exit code. `lines` follow on success. */
function outcome(result: JsonObject, lines: readonly string[] = []): CommandAnswer {
  return { result, lines: [...outcomeLines(result), ...(result['ok'] === true ? lines : [])], code: chooseExitCode(result) };
}

function stock(offer: JsonObject): CommandAnswer {
  return { result: offer, lines: stockLines([offer]) };
}

function printed(result: JsonObject): CommandAnswer {
  return { result, lines: [JSON.stringify(result, null, 2)] };
}

function rows(cells: readonly (readonly string[])[], none: string, head?: readonly string[]): string[] {
  return cells.length === 0 ? [none] : table(head ? [head, ...cells] : cells).split('\n');
}

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

function invoiceCells(invoice: JsonObject): string[] {
  const amount = `${String(invoice['amount'])} ${String(invoice['currency'])}`;
  return [String(invoice['id']), `order ${String(invoice['orderId'])}`, amount, String(invoice['status']), asText(invoice['link']) ?? '-'];
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

/** Returns the given offers, or all offers. */
async function listOffers(client: ControlClient, names: readonly Json[]): Promise<JsonObject[]> {
  const all = asObjects((await client.get(client.of('offers')))['offers']);
  if (names.length === 0) return all;
  return all.filter((offer) => ['id', 'xmlId', 'externalId'].some((field) => names.includes(asText(offer[field]) ?? '')));
}

/** Writes a successful callback's bytes to a file. Returns where, for the output. */
async function keepFile(result: JsonObject, out: Json | undefined, bytes: Buffer | string): Promise<string> {
  const path = asText(out);
  if (path !== undefined && result['ok'] === true) await writeFile(path, bytes);
  return path === undefined ? '' : `, written to ${path}`;
}

/** Throws `CommandError` without a token, or if the deployment has no connection of the account. */
async function openOperator(
  { client, environment, module }: CommandTools,
  token = environment.operatorToken,
): Promise<{ operator: OperatorClient; connection: string }> {
  if (token === undefined) throw new CommandError('Give --operator-token, or OPERATOR_TOKEN');
  const { code, connection: connected } = await client.get(client.of(`modules/${encodeURIComponent(module ?? '@store')}`));
  const operator = new OperatorClient(String(asObject(connected)['moduleUrl']), token, environment.operatorUrl);
  const accounts = asObjects((await client.get('/accounts'))['accounts']);
  const url = String(accounts.find((one) => one['code'] === client.account)?.['url']);
  const connection = await operator.findConnection(String(code), url);
  if (connection === undefined) throw new CommandError(`The module's operator API lists no connection of "${String(code)}" to ${url}`);
  return { operator, connection };
}
