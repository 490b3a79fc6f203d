import { bearer, Service, shape, text } from '#provider-kit';
import type { FakeSwitchboardContext } from './fake-switchboard.settings.js';

/** A rejection: the code and the words. */
const refusal = shape({ error: shape({ code: text, message: text }) });

const service = new Service<FakeSwitchboardContext>({
  name: 'Fake Switchboard',
  url: ({ settings }) => settings.baseUrl,
  isAccountAddress: true,
  auth: bearer(({ settings }) => settings.token),
  refusal: (body) => ({ problems: [refusal(body).error] }),
  errors: [[404, 'missing']],
});

/** Whose the token is. */
export const readAccount = service.read('/account', shape({ name: text }));
export const placeCall = service.act('POST /calls', shape({ call: text }));
