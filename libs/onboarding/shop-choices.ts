import type { SentChoices } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { sha256Hex } from '#platform';

/**
 * A member of a registration that the account's users may change in the CRM: its integration and its name.
 */
export type ShopChoice = `${keyof IntegrationsInput}.${string}`;

/** The module's integrations in the CRM; undefined: no such module there; `unread`: could not be read. */
export type PresentIntegrations = Readonly<Record<string, unknown>> | undefined | 'unread';

/**
 * Omits the shop's choices, unless the CRM has none yet or the partner changed them since they were last
 * sent.
 * @returns the integrations to send and, in `sent`, what to store once the CRM has accepted them
 */
export function omitShopChoices(
  built: IntegrationsInput,
  choices: readonly ShopChoice[],
  remembered: SentChoices,
  present: PresentIntegrations,
): { integrations: IntegrationsInput; sent: SentChoices } {
  const integrations: Record<string, unknown> = { ...built };
  const sent: Record<string, string> = {};
  for (const choice of choices) {
    const dot = choice.indexOf('.');
    const [kind, name] = [choice.slice(0, dot), choice.slice(dot + 1)];
    const configuration = integrations[kind] as Record<string, unknown> | undefined;
    const value = configuration?.[name];
    if (value === undefined) continue;
    sent[choice] = sha256Hex(JSON.stringify(value));
    if (present === undefined) continue;
    const before = remembered[choice];
    const isShops = before === undefined ? present !== 'unread' && hasContent(getContent(present, kind, name)) : before === sent[choice];
    if (!isShops) continue;
    const { [name]: _kept, ...rest } = configuration ?? {};
    integrations[kind] = rest;
  }
  return { integrations, sent };
}

function getContent(present: Readonly<Record<string, unknown>>, kind: string, name: string): unknown {
  return (present[kind] as Readonly<Record<string, unknown>> | null | undefined)?.[name];
}

/** The CRM sends empty objects and lists as `[]`. */
function hasContent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
