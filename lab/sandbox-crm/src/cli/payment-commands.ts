import type { Command } from 'commander';
import { playBuyer } from '../demo/buyer.js';
import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import { CommandError, type ControlClient } from './control-client.js';
import type { OperatorClient } from './operator-client.js';
import { EXIT, table } from './output.js';
import { invoiceLines } from './payment-output.js';

/** Functions of the program for an integration's commands. */
export interface CommandTools {
  client(): ControlClient;
  /** Runs a callback of the chosen module. */
  callback(name: string, body: JsonObject): Promise<JsonObject>;
  /** Prints a callback's outcome and sets the exit code. Prints `lines` only on success. */
  showOutcome(outcome: JsonObject, lines?: readonly string[]): void;
  /** Prints the lines, or the result with `--json`. */
  print(result: JsonObject, lines: readonly string[]): void;
  exit(code: number): void;
  /** Returns the deployment of the chosen module, and the account's connection there. */
  operator(token: string | undefined): Promise<{ operator: OperatorClient; connection: string }>;
  /** Returns the code of the chosen module, or of the first connected messenger. Throws `CommandError`. */
  messenger(): Promise<string>;
  number(value: string): number;
}

const INVOICE = "number, invoiceUuid or the module's payment id";

/** Adds the commands of payments. `--module`: the payment module. */
export function addPaymentCommands(program: Command, tools: CommandTools): void {
  const { callback, client } = tools;
  const show = (outcome: JsonObject): void => tools.showOutcome(outcome, invoiceLines(asObject(outcome['invoice'])));

  program
    .command('invoice')
    .description('make an invoice for an order and get its link from the module')
    .argument('[order]', 'id, number or external id')
    .option('--amount <n>', "a part of it, in the order's currency (default: what is left to pay)", tools.number)
    .option('--shop <code>', 'shop of the module (default: its first active one)')
    .option('--return-url <url>', 'where the buyer goes after paying')
    .option('--repeat <invoice>', 'send the invoice of this number once more, as after a lost reply')
    .action(async (order: string | undefined, options: { amount?: number; shop?: string; returnUrl?: string; repeat?: string }) => {
      if (order === undefined && options.repeat === undefined) throw new CommandError('Name the order, or an invoice with --repeat');
      const { repeat, ...rest } = options;
      show(await callback('create', repeat === undefined ? { order, ...rest } : { invoice: repeat }));
    });

  for (const [name, action, what, amount] of [
    ['approve', 'approve', 'take the money that is held', 'take only this much, in the currency of the invoice (default: all)'],
    ['refund', 'refund', 'give money back', 'this much, in the currency of the invoice (default: all that is left)'],
    ['cancel-payment', 'cancel', 'cancel an invoice that is not paid, or release its hold', undefined],
    ['payment-status', 'status', 'ask the module how the payment stands', undefined],
  ] as const) {
    const command = program.command(name).description(what).argument('<invoice>', INVOICE);
    if (amount !== undefined) command.option('--amount <n>', amount, tools.number);
    command.action(async (invoice: string, options: { amount?: number }) => {
      const outcome = await callback(action, { invoice, ...options });
      const asked = action === 'status' ? [`  ${JSON.stringify(asObject(outcome['body'])['result'])}`] : [];
      tools.showOutcome(outcome, [...asked, ...invoiceLines(asObject(outcome['invoice']))]);
    });
  }

  program
    .command('pay')
    .description("play the buyer on the invoice's page of the module: enter a card and press the button")
    .argument('<invoice>', INVOICE)
    .option('--card <number>', 'a test card of the module', '4242424242424242')
    .action(async (name: string, options: { card: string }) => {
      const invoice = await client().get(client().of(`invoices/${encodeURIComponent(name)}`));
      const visit = await playBuyer(asText(invoice['link']) ?? '', { card: options.card });
      tools.print({ ...visit }, [
        `${visit.ok ? 'The page took it' : 'The page did not take it'} (HTTP ${visit.status})`,
        `  ${visit.text}`,
      ]);
      tools.exit(visit.ok ? EXIT.done : EXIT.failed);
    });

  program
    .command('payments')
    .description('list the invoices, or show one with all that happened to it')
    .argument('[invoice]', INVOICE)
    .option('--refuse <reason>', 'answer no, with this reason, when the module asks before it takes the money')
    .option('--allow', 'answer by the order again')
    .action(async (name: string | undefined, options: { refuse?: string; allow?: boolean }) => {
      const sandbox = client();
      if (name === undefined) {
        if (options.refuse !== undefined || options.allow === true) throw new CommandError('Name the invoice that is meant');
        const result = await sandbox.get(sandbox.of('invoices'));
        const rows = asObjects(result['invoices']).map((invoice) => [
          String(invoice['id']),
          `order ${String(invoice['orderId'])}`,
          `${String(invoice['amount'])} ${String(invoice['currency'])}`,
          String(invoice['status']),
          asText(invoice['link']) ?? '-',
        ]);
        tools.print(result, rows.length === 0 ? ['No invoices. Make one: invoice <order>'] : table(rows).split('\n'));
        return;
      }
      const path = sandbox.of(`invoices/${encodeURIComponent(name)}`);
      const changes = options.refuse !== undefined || options.allow === true;
      const invoice = changes ? await sandbox.put(path, { checkRefusal: options.refuse }) : await sandbox.get(path);
      tools.print(invoice, invoiceLines(invoice));
    });
}
