import { bearer, maybe, record, Service, shape, text } from '#provider-kit';
import type { TemplateContext } from './template.settings.js';

/** A rejection: the code, the words, and the problems by the service's names of fields. */
const refusal = shape({ error: shape({ code: text, message: text, fields: maybe(record(text)) }) });

/**
 * Makes the service: its address, credentials and refusals. Calls are declared on it.
 * @param fields patterns of the service's names, and the callback's fields that they are about
 */
export function openService(fields: readonly (readonly [pattern: RegExp, field: string])[] = []): Service<TemplateContext> {
  return new Service<TemplateContext>({
    name: 'Template Service',
    url: ({ settings }) => settings.baseUrl.replace(/\/+$/, ''),
    isAccountAddress: true,
    auth: bearer(({ settings }) => settings.token),
    refusal(body) {
      const { code, message, fields: wrong = {} } = refusal(body).error;
      return { problems: [{ code, message }, ...Object.entries(wrong).map(([field, why]) => ({ code, message: why, field }))] };
    },
    errors: [[404, 'missing']],
    fields,
  });
}
