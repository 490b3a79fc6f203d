import { type Json, type JsonObject, asList, asObject, asObjects, asText } from '../json.js';
import { type CommandAnswer, type CommandTools, type CommandRow, type Commands, ORDER, runCallback, outcome } from './command.js';
import { CommandError, type ControlClient } from './control-client.js';
import { OperatorClient } from './operator-client.js';
import { differenceLines, stockLines } from './store-output.js';

const OFFER = 'id, xmlId or externalId';

const TOKEN = 'bearer token (default: OPERATOR_TOKEN, else what npm run up keeps in DATA_DIR)';

/** Commands of stocks and reservations. */
export const STORE_COMMANDS: Commands = {
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
};

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

function stock(offer: JsonObject): CommandAnswer {
  return { result: offer, lines: stockLines([offer]) };
}

/** Returns the given offers, or all offers. */
async function listOffers(client: ControlClient, names: readonly Json[]): Promise<JsonObject[]> {
  const all = asObjects((await client.get(client.of('offers')))['offers']);
  if (names.length === 0) return all;
  return all.filter((offer) => ['id', 'xmlId', 'externalId'].some((field) => names.includes(asText(offer[field]) ?? '')));
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
