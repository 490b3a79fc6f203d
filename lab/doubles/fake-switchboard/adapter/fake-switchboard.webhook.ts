import { id, instant, maybe, oneOf, readWebhook, shape, type Shaped, signedBody, text, type WebhookRequest } from '#provider-kit';
import type { CallEvent, TelephonyWebhook } from '#telephony/port';
import type { FakeSwitchboardContext, FakeSwitchboardSettings } from './fake-switchboard.settings.js';

/** An event: the present state of a call. `result` is sent with `endedAt`. */
const event = shape({
  ...{ id: text, call: id(200), direction: oneOf(['in', 'out']), customer: text, extension: text, startedAt: instant },
  ...{ answeredAt: maybe(instant), endedAt: maybe(instant), result: maybe(text) },
});
export type WireCall = Shaped<typeof event>;

/** Events of calls, signed with the token: HMAC-SHA256 of `{seconds since 1970}.{raw body}`. */
export class FakeSwitchboardWebhook implements TelephonyWebhook<FakeSwitchboardSettings> {
  readonly verify = signedBody<FakeSwitchboardContext>({
    header: 'x-signature',
    keys: ({ settings }) => [settings.token],
    timeHeader: 'x-timestamp',
  });

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse(request: WebhookRequest): CallEvent[] {
    const data = readWebhook(request, event);
    return [{ id: data.id, call: data.call, data }];
  }
}
