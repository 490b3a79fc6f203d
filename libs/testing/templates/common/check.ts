import { type CheckReport, ProviderError, type Service, sayError, shape, text } from '#provider-kit';
import type { TemplateContext } from './template.settings.js';

/** Declares the check of the settings: whose the token is. It throws ProviderError if the service is down. */
export function declareCheck(service: Service<TemplateContext>): (context: TemplateContext) => Promise<CheckReport> {
  const readAccount = service.read('/account', shape({ name: text }));
  return async (context) => {
    try {
      return { account: (await readAccount(context)).name };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
      return { errors: { token: sayError(error, context.account.language) } };
    }
  };
}
