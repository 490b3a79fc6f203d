import { type Json, type JsonObject, asList, asObject, asObjects, asText, isObject } from '../json.js';

/** Formats when a customer was last online, in one line. */
export function onlineLines(body: JsonObject): string[] {
  return [`  last online: ${asText(body['lastOnline']) ?? 'not known'}`];
}

/** Formats the visits of a chat's customer: the last visit with its pages, then the customer's data. */
export function visitLines(body: JsonObject): string[] {
  const visit = asObject(body['lastVisit']);
  const known = (group: string): string =>
    Object.entries(asObject(body[group]))
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ');
  const place = [asText(body['country']), asText(body['city'])].filter((part) => part !== undefined).join(', ');
  return [
    `  visits: ${String(body['countVisits'])}`,
    ...(body['lastVisit'] === undefined
      ? []
      : [
          `  the last one from ${String(visit['source'])}, ${String(visit['createdAt'])} to ${String(visit['endedAt'])} (${String(visit['duration'])} s)`,
          ...asObjects(visit['pages']).map(
            (page) =>
              `    ${String(page['dateTime'])}  ${String(page['url'])}${page['title'] === undefined ? '' : `  "${String(page['title'])}"`}`,
          ),
        ]),
    ...(body['device'] === undefined ? [] : [`  device: ${known('device')}`]),
    ...(body['utm'] === undefined ? [] : [`  campaign: ${known('utm')}`]),
    ...(place === '' ? [] : [`  place: ${place}`]),
  ];
}

/** Explains how to start a message gateway, for a sandbox CRM without one. */
export const NO_GATEWAY = [
  '  Start a double of it, and the deployment with its address; then connect the module again:',
  '    npm run double -- message-gateway --port 4500',
  '    CHAT_GATEWAY_URL=http://127.0.0.1:4500 npm run up',
];

/** Formats a channel with its settings, one group per line. Unsupported features are left out. */
export function channelLines(channel: JsonObject): string[] {
  const { id, name, external_id: account, type, active } = channel;
  return [
    `  channel ${String(id)}, ${asText(name) ?? 'without a name'} (${String(type)}), account ${String(account)}${active === true ? '' : ', switched off'}`,
    ...Object.entries(asObject(channel['settings'])).flatMap(([group, settings]) => {
      const text = settingText(settings);
      return text === '' ? [] : [`    ${group}: ${text}`];
    }),
  ];
}

/** Formats a chat with its messages, one per line. */
export function dialogueLines(dialogue: JsonObject): string[] {
  const customer = asObject(dialogue['customer']);
  const name = [customer['first_name'], customer['last_name']].flatMap((part) => asText(part) ?? []).join(' ');
  const who = name === '' ? asText(customer['nickname']) : name;
  return [
    `  chat ${asText(dialogue['chat']) ?? '(not named yet)'}, channel ${String(dialogue['channel'])}, customer ${String(customer['external_id'])}${who === undefined ? '' : ` (${who})`}`,
    ...asObjects(dialogue['messages']).map((message) => `    ${messageLine(message)}`),
  ];
}

/** Formats a message in one line: author, content and outcome. */
export function messageLine(message: JsonObject): string {
  const { id, direction, originator, type, items, status, edits, deleted, error } = message;
  const text = asText(message['text']) ?? asText(message['note']);
  const files = asList(items).length;
  const marks = [
    type === 'text' ? '' : String(type),
    files === 0 ? '' : `${files} ${files === 1 ? 'file' : 'files'}`,
    Number(edits) > 0 ? 'edited' : '',
    deleted === true ? 'deleted' : '',
    direction === 'in' && status !== 'seen' ? '' : String(status),
    asText(message['externalId']) === undefined ? '' : `external id ${String(message['externalId'])}`,
    isObject(error) ? errorText(error) : '',
  ];
  const who = direction === 'in' ? String(originator) : originator === 'bot' ? 'bot' : 'manager';
  return `${String(id)}  ${String(message['time'])}  ${who}${text === undefined ? '' : `: "${text}"`}  [${marks.filter((mark) => mark !== '').join(', ')}]`;
}

/** Formats why a message was not sent: the gateway's code, its message, and the messenger's own code. */
export function errorText(error: JsonObject): string {
  const own = asText(error['external_code']);
  return `${String(error['code'])}: ${String(error['message'])}${own === undefined ? '' : ` (${own})`}`;
}

function settingText(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(String).join(' ');
  if (!isObject(value)) return value === 'none' ? '' : String(value);
  return Object.entries(value)
    .filter(([, one]) => one !== 'none')
    .map(([name, one]) => `${name} ${settingText(one)}`)
    .join(', ');
}
