import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText } from '../json.js';

/** Exit codes of the command line. */
export const EXIT = {
  /** Success. */
  done: 0,
  /** Failure: no sandbox, wrong usage, or the module rejected the call or did not respond. */
  failed: 1,
  /** The module violated the contract. */
  violated: 2,
} as const;

/** Formats rows as text. Columns are padded to their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, width(cell))));
  return rows
    .map((row) =>
      row.map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - width(cell)))).join('  '),
    )
    .join('\n');
}

/** Returns the exit code for a callback's outcome. */
export function chooseExitCode(outcome: JsonObject): number {
  if (asList(outcome['violations']).length > 0) return EXIT.violated;
  return outcome['ok'] === true ? EXIT.done : EXIT.failed;
}

/** Formats a callback's outcome: its result, then violations of the contract. */
export function outcomeLines(outcome: JsonObject): string[] {
  const status = asNumber(outcome['status']) ?? 0;
  const verdict = outcome['ok'] === true ? 'ok' : outcome['refusal'] === undefined ? 'failed' : 'refused';
  const lines = [
    `${String(outcome['callback'])}: ${verdict}${status > 0 ? ` (HTTP ${status})` : ''} in ${String(outcome['milliseconds'])} ms, exchange #${String(outcome['exchangeId'])}`,
  ];
  if (outcome['refusal'] !== undefined) lines.push(`  the module's reason: ${String(outcome['refusal'])}`);
  if (outcome['failure'] !== undefined) lines.push(`  no answer: ${String(outcome['failure'])}`);
  for (const violation of asList(outcome['violations'])) lines.push(`  AGAINST THE CONTRACT: ${String(violation)}`);
  return lines;
}

/** Formats the tariffs of a `calculate` or `tariffList` reply in columns. */
export function tariffLines(body: Json | undefined): string[] {
  const tariffs = asObjects(asObject(body)['result']);
  if (tariffs.length === 0) return ['  no tariffs'];
  return table(
    tariffs.map((tariff) => [
      `  ${asText(tariff['code']) ?? ''}`,
      asText(tariff['type']) ?? '',
      tariff['cost'] === undefined ? '' : String(tariff['cost']),
      tariff['minTerm'] === undefined && tariff['maxTerm'] === undefined
        ? ''
        : `${String(tariff['minTerm'] ?? '?')}-${String(tariff['maxTerm'] ?? '?')} days`,
      asList(tariff['pickuppointList']).length > 0 ? `${asList(tariff['pickuppointList']).length} points` : '',
      asText(tariff['name']) ?? '',
    ]),
  ).split('\n');
}

/** Formats pickup points in columns. */
export function pointLines(body: Json | undefined): string[] {
  const points = asObjects(asObject(body)['result']);
  if (points.length === 0) return ['  no points'];
  return table(
    points.map((point) => [
      `  ${asText(point['code']) ?? ''}`,
      asText(point['name']) ?? '',
      asText(point['address']) ?? '',
      asText(point['schedule']) ?? '',
    ]),
  ).split('\n');
}

/** Formats the history of a delivery, one status per line. */
export function historyLines(delivery: JsonObject): string[] {
  const head = [
    `  delivery ${String(delivery['deliveryId'])}`,
    delivery['trackNumber'] === undefined ? '' : `track ${String(delivery['trackNumber'])}`,
    delivery['deleted'] === true ? '(deleted)' : `now ${String(delivery['status'] ?? 'without status')}`,
  ];
  const lines = [head.filter((part) => part !== '').join(', ')];
  for (const status of asObjects(delivery['history'])) {
    const marks = [status['older'] === true ? 'older than the last' : '', status['repeated'] === true ? 'sent before' : ''].filter(
      (mark) => mark !== '',
    );
    lines.push(
      `    ${asText(status['updatedAt']) ?? asText(status['receivedAt']) ?? ''}  ${String(status['code'])}${status['comment'] === undefined ? '' : `  "${String(status['comment'])}"`}` +
        `${status['call'] === undefined ? '  (in the reply to save)' : `  tracking #${String(status['call'])}`}${marks.length > 0 ? `  [${marks.join(', ')}]` : ''}`,
    );
  }
  return lines;
}

/** Formats an exchange, with its bodies if wanted. */
export function exchangeLines(entry: JsonObject, withBodies: boolean): string[] {
  const way = entry['direction'] === 'in' ? 'module -> CRM' : 'CRM -> module';
  const fault = entry['fault'] === undefined ? '' : ` [played: ${String(entry['fault'])}]`;
  return [
    `#${String(entry['id'])} ${String(entry['at'])} ${way} ${String(entry['name'])} ${String(entry['status'])} ${String(entry['milliseconds'])} ms${fault}`,
    ...asList(entry['violations']).map((violation) => `    AGAINST THE CONTRACT: ${String(violation)}`),
    ...asList(entry['notes']).map((note) => `    note: ${String(note)}`),
    ...(withBodies
      ? [
          `    ${String(entry['verb'])} ${String(entry['url'])}`,
          `    > ${JSON.stringify(entry['request'])}`,
          `    < ${JSON.stringify(entry['response'])}`,
        ]
      : []),
  ];
}

/** Formats the destination of an order in one line. */
export function destination(order: JsonObject): string {
  const address = asObject(asObject(order['delivery'])['address']);
  return [asText(address['countryIso']), asText(address['city']), asText(address['text'])].filter((part) => part !== undefined).join(', ');
}

function width(text: string): number {
  return [...text].length;
}
