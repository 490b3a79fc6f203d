import { IsOptional, IsString } from 'class-validator';
import { cleanText, cutText } from '#provider-kit';
import type { MoyskladClient } from './moysklad.client.js';
import { CODE, isRefusedAs } from './moysklad.errors.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { say, texts } from './moysklad.texts.js';

class WireWho {
  @IsString() accountId!: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() fullName?: string;
  /** The login. */
  @IsOptional() @IsString() uid?: string;
}

/** Whose token it is. */
export interface MoyskladAccount {
  /** Of the account, whoever of it asks. */
  id: string;
  /** The user or app, as people know it. */
  name: string;
}

const LONGEST_NAME = 150;

/** Asks whose the token is: a user's, or an app's. Throws ProviderError. */
export async function readAccount(client: MoyskladClient, context: MoyskladContext): Promise<MoyskladAccount> {
  try {
    const who = await client.read(WireWho, { method: 'GET', path: '/context/employee' }, context);
    return toAccount(who, who.fullName ?? who.name ?? who.uid ?? 'MoySklad');
  } catch (error) {
    if (!isRefusedAs(error, CODE.isApp) && !isRefusedAs(error, CODE.isUser)) throw error;
    const app = await client.read(WireWho, { method: 'GET', path: '/context/application' }, context);
    return toAccount(app, `${say(texts.app, context)} ${app.name ?? ''}`);
  }
}

function toAccount({ accountId, uid }: WireWho, name: string): MoyskladAccount {
  const words = cutText(cleanText(name), LONGEST_NAME);
  return { id: accountId, name: uid !== undefined && !words.includes(uid) ? `${words} (${cutText(cleanText(uid), 40)})` : words };
}
