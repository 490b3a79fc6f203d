import type { Command } from 'commander';
import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import type { CommandTools } from './payment-commands.js';
import { differenceLines, stockLines } from './store-output.js';

const OFFER = 'id, xmlId or externalId';

/** Adds the commands of the warehouse. `--module`: the warehouse module. */
export function addStoreCommands(program: Command, tools: CommandTools): void {
  const { callback, client } = tools;

  /** Returns the given offers, or all offers. */
  async function offers(names: readonly string[] = []): Promise<JsonObject[]> {
    const all = asObjects((await client().get(client().of('offers')))['offers']);
    if (names.length === 0) return all;
    return all.filter((offer) => ['id', 'xmlId', 'externalId'].some((field) => names.includes(asText(offer[field]) ?? '')));
  }

  const stock = program.command('stock').description('what the CRM knows of stocks, and what it asks of the warehouse module');

  stock
    .command('list', { isDefault: true })
    .description('list the stocks that the CRM has')
    .argument('[offers...]', OFFER)
    .action(async (names: string[]) => {
      const found = await offers(names);
      tools.print({ offers: found }, found.length === 0 ? ['No such offers'] : stockLines(found));
    });

  stock
    .command('add-offer')
    .description('add an offer to the catalogue')
    .argument('<name>', 'what it is called')
    .option('--external-id <id>', 'its externalId, and its xmlId too')
    .option('--price <n>', "in the account's currency", tools.number)
    .option('--group <name...>', 'product groups that it is in')
    .action(async (name: string, options: { externalId?: string; price?: number; group?: string[] }) => {
      const { group, ...fields } = options;
      const offer = await client().post(client().of('offers'), { name, ...fields, groups: group });
      tools.print(offer, stockLines([offer]));
    });

  stock
    .command('set')
    .description('what the CRM believes of an offer from now on, as if somebody had imported it; the module is not told')
    .argument('<offer>', OFFER)
    .argument('<quantity>', 'units', tools.number)
    .option('--store <code>', "the warehouse (default: the account's first)")
    .option('--price <n>', "purchase price of one unit, in the account's currency", tools.number)
    .action(async (name: string, quantity: number, { store, price }: { store?: string; price?: number }) => {
      const body = { store, quantity, purchasePrice: price };
      const offer = await client().post(client().of(`offers/${encodeURIComponent(name)}/stocks`), body);
      tools.print(offer, stockLines([offer]));
    });

  stock
    .command('reconcile')
    .description(
      "have the module compare what the CRM believes with what its warehouse says, and send what differs (by the module's operator API)",
    )
    .option('--dry-run', 'send nothing', false)
    .option('--operator-token <token>', 'bearer token (default: OPERATOR_TOKEN, else what npm run up keeps in DATA_DIR)')
    .option('--wait <seconds>', 'how long to wait for its end', tools.number, 60)
    .action(async (options: { dryRun: boolean; operatorToken?: string; wait: number }) => {
      const { operator, connection } = await tools.operator(options.operatorToken);
      const found = await operator.reconcileStocks(connection, options.dryRun, options.wait * 1000);
      tools.print(found, differenceLines(asObject(found)));
    });

  stock
    .command('upload')
    .description('ask the module for the stocks of these offers (default: the newest 250) and take them over')
    .argument('[offers...]', OFFER)
    .action(async (names: string[]) => {
      const outcome = await callback('inventoriesUpload', { offers: names });
      tools.showOutcome(outcome, [`  ${String(outcome['taken'])} offers came`, ...stockLines(await offers(names))]);
    });

  for (const [name, what] of [
    ['reserve', "pack an order's items from a warehouse: the module reserves them"],
    ['release', 'unpack them again: the module ends the reservation'],
  ] as const) {
    const command = stock
      .command(name)
      .description(what)
      .argument('<order>', 'id, number or external id')
      .option('--offer <offer>', `only the item of this offer: ${OFFER}`);
    if (name === 'reserve')
      command
        .option('--store <code>', "the warehouse (default: the one it is packed from, else the account's first)")
        .option('--quantity <n>', 'units of each item (default: what was ordered)', tools.number);
    command.action(async (order: string, options: { offer?: string; store?: string; quantity?: number }) => {
      const outcome = await callback('inventoriesActualize', { order, ...options, release: name === 'release' });
      const about = asObjects((await client().get(client().of(`orders/${encodeURIComponent(order)}`)))['items']).map(
        (item) => asText((item['offer'] as JsonObject | undefined)?.['id']) ?? '',
      );
      tools.showOutcome(outcome, stockLines(await offers(about)));
    });
  }
}
