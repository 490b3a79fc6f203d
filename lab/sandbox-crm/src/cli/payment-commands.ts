import { playBuyer } from '../demo/buyer.js';
import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import { type CommandRow, type Commands, rows, ORDER, callback } from './command.js';
import { CommandError } from './control-client.js';
import { EXIT } from './output.js';
import { invoiceLines } from './payment-output.js';

const INVOICE = "number, invoiceUuid or the module's payment id";

/** Commands of payments. */
export const PAYMENT_COMMANDS: Commands = {
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
};

function invoiceCallback(name: string, about: string, options?: CommandRow['options']): CommandRow {
  return callback('@payment', name, about, { '<invoice>': INVOICE }, options, ({ body, invoice }) => [
    ...(name === 'status' ? [`  ${JSON.stringify(asObject(body)['result'])}`] : []),
    ...invoiceLines(asObject(invoice)),
  ]);
}

function invoiceCells(invoice: JsonObject): string[] {
  const amount = `${String(invoice['amount'])} ${String(invoice['currency'])}`;
  return [String(invoice['id']), `order ${String(invoice['orderId'])}`, amount, String(invoice['status']), asText(invoice['link']) ?? '-'];
}
