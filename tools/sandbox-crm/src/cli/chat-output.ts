import { type JsonObject, asObject, asObjects, asText } from '../json.js';

/** When a customer was last online, in a line. */
export function onlineLines(body: JsonObject): string[] {
  return [`  last online: ${asText(body['lastOnline']) ?? 'not known'}`];
}

/** The visits of a chat's customer: the last one with its pages, then what is known of him. */
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
