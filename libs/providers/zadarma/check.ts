import { type LocalText, textFor } from '#platform';
import { isOwnHook, isRefusal } from '#provider-kit';
import { isComplete } from './connect.js';
import { describeTrouble } from './trouble.js';
import type { ZadarmaMethod } from './zadarma.api.js';
import { isConfigured } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/**
 * Reads the account, and checks whether the PBX has the extensions, the account the numbers, and notices
 * arrive here. Throws ProviderError when Zadarma is unavailable. Rejected credentials are an error of
 * `secret`.
 */
export const check: ZadarmaMethod<'check'> = async (api, settings, context) => {
  const say = (text: LocalText): string => textFor(text, context.account.language);
  if (!isConfigured(settings)) return { warnings: { key: say(texts.noKeys) } };
  try {
    const { balance, currency } = await api.balance(context);
    const pbx = await api.unlessRefused(api.pbx(context));
    const numbers = settings.externalPhones.length > 0 ? await api.unlessRefused(api.numbers(context)) : undefined;
    const { url = '', notifications } = (await api.unlessRefused(api.callinfo(context))) ?? {};
    const money = [balance.toFixed(2), currency].filter(Boolean).join(' ');
    const warnings: Record<string, string> = {};
    const trouble = balance <= 0 ? say(texts.noMoney) : await describeTrouble(context);
    if (trouble !== undefined) warnings['key'] = trouble;
    if (!pbx) warnings['extensions'] = say(texts.noPbx);
    else if (settings.extensions.length === 0) warnings['extensions'] = say(texts.noExtensions);
    for (const [index, { code }] of settings.extensions.entries())
      if (pbx && !pbx.numbers?.includes(code)) warnings[`extensions[${index}].code`] = say(texts.noExtension);
    for (const [index, { phone }] of settings.externalPhones.entries())
      if (numbers && !numbers.info?.some(({ number = '' }) => isSame(number, phone)))
        warnings[`externalPhones[${index}].phone`] = say(texts.noNumber);
    if (isOwnHook(url, context)) {
      if (!isComplete(notifications)) warnings[''] = say(texts.notNotified);
    } else if (url !== '') warnings[''] = `${say(texts.elsewhere)} ${readHost(url)}`;
    return { account: ['Zadarma', pbx?.pbx_id, money].filter(Boolean).join(', '), warnings };
  } catch (error) {
    if (!isRefusal(error, 'auth')) throw error;
    return { errors: { secret: say(texts.credentialsRefused) } };
  }
};

function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.replace(/\D/g, ''));
  return left === right;
}

function readHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '?';
}
