import type { AccountStanding, MessengerAccount } from '#chat/port';
import { fillIn, type LocalText } from '#platform';
import { type CheckReport, cutText, isRefusal, say } from '#provider-kit';
import type { WhatsApp, WhatsAppMethod } from './whatsapp.api.js';
import type { WhatsAppEnvironment } from './whatsapp.environment.js';
import { isConfigured, type WhatsAppContext } from './whatsapp.settings.js';
import { texts } from './whatsapp.texts.js';
import type { WireNumber } from './whatsapp.wire.js';

const NAME_LENGTH = 100;
const ACCOUNT_LENGTH = 200;
/** Numbers of a business account that are read: more than one may have. */
const MOST_NUMBERS = 200;

/** States of a number in which messages do not arrive, or may soon not, as Meta spells them. */
const TROUBLES: ReadonlyMap<string, LocalText> = new Map([
  ['FLAGGED', texts.number.flagged],
  ['RESTRICTED', texts.number.restricted],
  ['BANNED', texts.number.restricted],
  ['PENDING', texts.number.pending],
  ['UNVERIFIED', texts.number.pending],
  ...(['UNLINKED', 'DELETED', 'MIGRATED', 'OFFLINE', 'DISCONNECTED'] as const).map((status) => [status, texts.number.offline] as const),
]);

const QUALITIES = { GREEN: 'high', YELLOW: 'medium', RED: 'low' } as const;
const STATUSES: Readonly<Record<string, AccountStanding['status']>> = {
  ...({ CONNECTED: 'connected', LINKED: 'connected', FLAGGED: 'flagged', RESTRICTED: 'restricted', BANNED: 'restricted' } as const),
  ...({ PENDING: 'pending', UNLINKED: 'offline', DELETED: 'offline', MIGRATED: 'offline', OFFLINE: 'offline' } as const),
};
/** New customers a day, and Meta's level. Without a limit there is no number. */
const TIERS: Readonly<Record<string, readonly [customers: number, level: number]>> = {
  ...{ TIER_50: [50, 0], TIER_250: [250, 0], TIER_1K: [1_000, 1], TIER_2K: [2_000, 1], TIER_10K: [10_000, 2], TIER_100K: [100_000, 3] },
};

/** Reads the numbers of the business account. */
export async function readNumbers(api: WhatsApp, context: WhatsAppContext): Promise<WireNumber[]> {
  const found: WireNumber[] = [];
  const fields = 'id,display_phone_number,verified_name,status,quality_rating,code_verification_status,messaging_limit_tier';
  for (let after: string | undefined; found.length < MOST_NUMBERS;) {
    const business = context.settings.business ?? '';
    const { data, paging } = await api.listNumbers(context, { business, query: { fields, limit: 100, ...(after && { after }) } });
    found.push(...data);
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined || data.length === 0) break;
  }
  return found;
}

/** Lists the numbers as accounts. None before the settings are complete. */
export const listNumbers: WhatsAppMethod<'listAccounts'> = async (api, context) => {
  if (!isConfigured(context.settings, api.operator)) return [];
  return (await readNumbers(api, context)).map((number): MessengerAccount => {
    const { id, display_phone_number: phone, verified_name: name = '' } = number;
    return { id, name: cutText(`${name} ${phone}`.trim(), NAME_LENGTH), standing: toStanding(number, api.operator) };
  });
};

function toStanding(
  { status = '', quality_rating: rating = '', messaging_limit_tier: limit = '' }: WireNumber,
  { WHATSAPP_TIER: unit }: WhatsAppEnvironment,
): AccountStanding {
  const quality = Object.hasOwn(QUALITIES, rating) ? QUALITIES[rating as keyof typeof QUALITIES] : undefined;
  const [known, tier] = [STATUSES[status], TIERS[limit]?.[unit === 'level' ? 1 : 0]];
  return { ...(tier !== undefined && { tier }), ...(quality && { quality }), ...(known && { status: known }) };
}

/**
 * Reads the business account and its numbers. A token or an id that Meta rejects is an error by path. Numbers
 * that cannot send, or soon may not, are warnings.
 * @throws ProviderError when Meta is unavailable
 */
export const checkBusiness: WhatsAppMethod<'check'> = async (api, settings, context): Promise<CheckReport> => {
  if (!isConfigured(settings, api.operator)) return { warnings: { token: say(texts.missing, context) } };
  const { business = '' } = settings;
  try {
    const { name } = await api.readBusiness(context, { business, query: { fields: 'id,name' } });
    const numbers = await readNumbers(api, context);
    const troubles = numbers.flatMap((number) => describeTrouble(number, context) ?? []);
    if (numbers.length === 0) troubles.push(say(texts.number.none, context));
    const account = [name, ...numbers.map((number) => number.display_phone_number)].filter(Boolean).join(', ');
    return {
      ...(account !== '' && { account: cutText(account, ACCOUNT_LENGTH) }),
      ...(troubles.length > 0 && { warnings: { business: troubles.join(' ') } }),
    };
  } catch (error) {
    if (isRefusal(error, 'auth')) return { errors: { token: say(texts.errors.token, context) } };
    if (isRefusal(error, 'invalid')) return { errors: { business: say(texts.noBusiness, context) } };
    throw error;
  }
};

function describeTrouble(
  { display_phone_number: phone, status = '', quality_rating: quality }: WireNumber,
  context: WhatsAppContext,
): string | undefined {
  const trouble = TROUBLES.get(status) ?? (quality === 'RED' ? texts.number.lowQuality : undefined);
  return trouble && say(fillIn(trouble, { phone }), context);
}
