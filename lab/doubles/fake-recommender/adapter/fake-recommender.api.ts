import { bearer, list, Service, shape, text } from '#provider-kit';
import type { FakeRecommenderContext } from './fake-recommender.settings.js';

/** A rejection: the code and the words. */
const refusal = shape({ error: shape({ code: text, message: text }) });

const service = new Service<FakeRecommenderContext>({
  name: 'Fake Recommender',
  url: ({ settings }) => settings.baseUrl,
  isAccountAddress: true,
  auth: bearer(({ settings }) => settings.token),
  refusal: (body) => ({ problems: [refusal(body).error] }),
  errors: [[404, 'missing']],
});

/** Whose the token is. */
export const readAccount = service.read('/account', shape({ name: text }));
/** The best product first. */
export const findRelated = service.ask('POST /related', shape({ products: list(text) }));
