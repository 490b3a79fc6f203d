import { IsString } from 'class-validator';
import { type CheckReport, ProviderError } from '#provider-kit';
import type { TemplateClient } from './template.client.js';
import type { TemplateContext } from './template.settings.js';

class WireAccount {
  @IsString() name!: string;
}

/** Asks whose the token is. Throws ProviderError where the service is away. */
export async function checkAccount(client: TemplateClient, context: TemplateContext): Promise<CheckReport> {
  try {
    const { name } = await client.read(WireAccount, { method: 'GET', path: '/account', effect: false }, context);
    return { account: name };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'auth') return { errors: { token: error.message } };
    throw error;
  }
}
