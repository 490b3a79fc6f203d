import { type JsonObject, asObject, asObjects, asText } from '../json.js';

/** Formats an invoice with its timeline, one event per line. */
export function invoiceLines(invoice: JsonObject): string[] {
  const head = [
    `  invoice ${String(invoice['id'])} of order ${String(invoice['orderId'])}: ${String(invoice['amount'])} ${String(invoice['currency'])}`,
    `now ${String(invoice['status'])}`,
    invoice['refundable'] === true ? 'refundable' : '',
    invoice['cancellable'] === true ? 'cancellable' : '',
    invoice['checkRefusal'] === undefined ? '' : `payment/check says no: ${String(invoice['checkRefusal'])}`,
  ];
  const lines = [head.filter((part) => part !== '').join(', ')];
  if (invoice['link'] !== undefined) lines.push(`    ${String(invoice['link'])}`);
  return [...lines, ...asObjects(invoice['timeline']).map((event) => `    ${eventLine(event)}`)];
}

function eventLine(event: JsonObject): string {
  const refund = asObject(event['refund']);
  const parts = [
    asText(event['at']) ?? '',
    event['event'] === 'update' ? 'the module tells:' : event['event'] === 'check' ? 'the module asks:' : String(event['event']),
    asText(event['status']) ?? '',
    asText(event['amount']) ?? '',
    event['paidAt'] === undefined ? '' : `paid ${String(event['paidAt'])}`,
    event['expiredAt'] === undefined ? '' : `holds until ${String(event['expiredAt'])}`,
    event['cancellationDetails'] === undefined ? '' : `"${String(event['cancellationDetails'])}"`,
    event['refund'] === undefined ? '' : `refund ${String(refund['id'])} of ${String(refund['amount'])} ${String(refund['status'])}`,
    event['result'] === undefined ? '' : `-> ${String(event['result'])}`,
    event['backward'] === true ? '[GOES BACK]' : '',
    event['call'] === undefined ? '' : `#${String(event['call'])}`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}
