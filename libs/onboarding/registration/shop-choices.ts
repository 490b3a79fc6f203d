import type { SentChoices } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { sha256Hex } from '#platform';
import type { ShopChoices } from '../contributors/registration-contributors.js';

/**
 * The module's integrations in the CRM. Undefined: the CRM has no such module. `unread`: they could not be
 * read.
 */
export type PresentIntegrations = Readonly<Record<string, unknown>> | undefined | 'unread';

/**
 * Omits the shop's choices, unless the CRM has none yet or the partner changed them since they were last
 * sent. If the partner changed an object, the shop keeps its unchanged members that are still on offer.
 * @returns the integrations to send and, in `sent`, the choices to store once the CRM has accepted them
 */
export function omitShopChoices(
  built: IntegrationsInput,
  part: ShopChoices,
  remembered: SentChoices,
  present: PresentIntegrations,
): { integrations: IntegrationsInput; sent: SentChoices } {
  const integrations: Record<string, unknown> = { ...built };
  const sent: Record<string, string> = {};
  for (const choice of part.shopChoices ?? []) {
    const dot = choice.indexOf('.');
    const [kind, name] = [choice.slice(0, dot), choice.slice(dot + 1)];
    const configuration = integrations[kind] as Record<string, unknown> | undefined;
    const value = configuration?.[name];
    if (value === undefined) continue;
    Object.assign(sent, hashChoice(choice, value));
    if (present === undefined) continue;
    const before = remembered[choice];
    const there = present === 'unread' ? undefined : getContent(present, kind, name);
    const isShops = before === undefined ? hasContent(there) : before === sent[choice];
    const members = isMap(value) && isMap(there) ? Object.entries(there) : [];
    const isOffered = (member: string, content: unknown): boolean => part.isOffered?.(built, `${choice}.${member}`, content) ?? true;
    if (isShops && members.every(([member, content]) => isOffered(member, content))) {
      const { [name]: _kept, ...rest } = configuration ?? {};
      integrations[kind] = rest;
      continue;
    }
    const isChanged = (member: string): boolean => !isShops && remembered[`${choice}.${member}`] !== sent[`${choice}.${member}`];
    const kept = members.filter(
      ([member, content]) => isOffered(member, content) && (!(member in (value as object)) || !isChanged(member)),
    );
    if (members.length > 0) integrations[kind] = { ...configuration, [name]: { ...(value as object), ...Object.fromEntries(kept) } };
  }
  return { integrations, sent };
}

/** Hashes a choice and, for an object, each member. */
function hashChoice(choice: string, value: unknown): SentChoices {
  const members = isMap(value) ? Object.entries(value) : [];
  const hash = (content: unknown): string => sha256Hex(JSON.stringify(content));
  return Object.fromEntries([[choice, hash(value)], ...members.map(([name, member]) => [`${choice}.${name}`, hash(member)])]);
}

function getContent(present: Readonly<Record<string, unknown>>, kind: string, name: string): unknown {
  return (present[kind] as Readonly<Record<string, unknown>> | null | undefined)?.[name];
}

/** The CRM sends empty objects and lists as `[]`. */
function hasContent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
