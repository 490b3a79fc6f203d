import { IsNumber, IsOptional, IsString } from 'class-validator';
import { type LocalText, textFor } from '#platform';
import { type CheckReport, ProviderError } from '#provider-kit';
import { readCallinfo } from './callinfo.js';
import { readNumbers, readPbx } from './numbers.js';
import { isRefusal, type ZadarmaClient } from './zadarma.client.js';
import { describeTrouble } from './trouble.js';
import { isConfigured, type ZadarmaContext, type ZadarmaSettings } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

/** `GET /v1/info/balance/` */
class WireBalance {
  @IsNumber() balance!: number;
  @IsOptional() @IsString() currency?: string;
}

/**
 * Asks whose the account is, and whether the PBX has the extensions, the account the numbers, and notices
 * come here. Throws ProviderError when Zadarma is away; refused credentials are an error of `secret`.
 */
export async function check(settings: ZadarmaSettings, client: ZadarmaClient, context: ZadarmaContext): Promise<CheckReport> {
  const say = (text: LocalText): string => textFor(text, context.account.language);
  if (!isConfigured(settings)) return { warnings: { key: say(texts.noKeys) } };
  try {
    const balance = await client.ask({ method: 'GET', path: '/v1/info/balance/', effect: false, answer: WireBalance }, context);
    const [pbx, numbers, callinfo] = [
      await unlessRefused(readPbx(client, context)),
      settings.externalPhones.length > 0 ? await unlessRefused(readNumbers(client, context)) : undefined,
      await unlessRefused(readCallinfo(client, context)),
    ];
    const money = [balance.balance.toFixed(2), balance.currency].filter(Boolean).join(' ');
    const warnings: Record<string, string> = {};
    const trouble = balance.balance <= 0 ? say(texts.noMoney) : await describeTrouble(context);
    if (trouble !== undefined) warnings['key'] = trouble;
    if (!pbx) warnings['extensions'] = say(texts.noPbx);
    else if (settings.extensions.length === 0) warnings['extensions'] = say(texts.noExtensions);
    for (const [index, { code }] of settings.extensions.entries())
      if (pbx && !pbx.extensions.includes(code)) warnings[`extensions[${index}].code`] = say(texts.noExtension);
    for (const [index, { phone }] of settings.externalPhones.entries())
      if (numbers && !numbers.some(({ number }) => isSame(number, phone))) warnings[`externalPhones[${index}].phone`] = say(texts.noNumber);
    if (callinfo?.whose === 'others') warnings[''] = `${say(texts.elsewhere)} ${readHost(callinfo.url)}`;
    if (callinfo?.whose === 'ours' && !callinfo.isComplete) warnings[''] = say(texts.notNotified);
    return { account: ['Zadarma', pbx?.id, money].filter(Boolean).join(', '), warnings };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    return { errors: { secret: say(texts.credentialsRefused) } };
  }
}

/** What an account without a PBX, or without numbers, does not answer is not there. */
async function unlessRefused<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.replace(/\D/g, ''));
  return left === right;
}

function readHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '?';
}
