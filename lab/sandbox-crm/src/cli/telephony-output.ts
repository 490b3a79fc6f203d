import { type JsonObject, asList, asObject, asObjects, asText } from '../json.js';

/** Formats a call with its timeline, one event per line. */
export function callLines(story: JsonObject): string[] {
  const call = asObject(story['call']);
  const head = [
    `  call ${asText(story['externalId']) ?? '(not told by the module)'}`,
    `${call['type'] === 'in' ? 'from' : call['type'] === 'out' ? 'to' : 'with'} ${String(story['phone'])}`,
    call['result'] === undefined
      ? ''
      : `${String(call['result'])}${call['duration'] === undefined ? '' : `, ${String(call['duration'])} s (${String(call['durationWaiting'] ?? 0)} s of waiting)`}`,
    call['recordUrl'] === undefined ? '' : 'recorded',
  ];
  return [head.filter((part) => part !== '').join(', '), ...asObjects(story['timeline']).map((event) => `    ${eventLine(event)}`)];
}

function eventLine(event: JsonObject): string {
  const who = event['codes'] === undefined ? asText(event['code']) : asList(event['codes']).map(String).join(', ');
  const what = { press: 'the call button', event: 'the module tells:', upload: 'the module uploads:' }[String(event['what'])] ?? '';
  const parts = [
    asText(event['at']) ?? '',
    what,
    asText(event['type']) ?? '',
    asText(event['hangupStatus']) ?? asText(event['result']) ?? '',
    asText(event['phone']) ?? '',
    who === undefined ? '' : `extension ${who}`,
    event['userId'] === undefined ? '' : `user ${String(event['userId'])}`,
    event['externalPhone'] === undefined ? '' : `by ${String(event['externalPhone'])}`,
    event['call'] === undefined ? '' : `#${String(event['call'])}`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}
