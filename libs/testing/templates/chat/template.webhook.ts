import type { MessengerEvent } from '#chat/port';
import {
  id,
  instant,
  maybe,
  type ProviderWebhook,
  readWebhook,
  shape,
  type Shaped,
  signedBody,
  text,
  type WebhookRequest,
} from '#provider-kit';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';

/** A message of a customer. `answers`: id of the message that it answers. */
const message = shape({
  ...{ id: id(200), bot: id(), chat: id(), at: instant, text, answers: maybe(text) },
  person: shape({ id: id(64), name: id(255) }),
});

/** Messages of customers, signed with the token: HMAC-SHA256 of `{seconds since 1970}.{raw body}`. */
export class TemplateWebhook implements ProviderWebhook<TemplateSettings, MessengerEvent> {
  readonly verify = signedBody<TemplateContext>({
    header: 'x-signature',
    keys: ({ settings }) => [settings.token],
    timeHeader: 'x-timestamp',
  });

  /** Throws ProviderError `invalid` when the event cannot be read. */
  parse(request: WebhookRequest): MessengerEvent[] {
    return [toEvent(readWebhook(request, message))];
  }
}

function toEvent({ id: event, bot, chat, at, person, text: words, answers }: Shaped<typeof message>): MessengerEvent {
  return {
    ...{ id: event, account: bot, chat, at: new Date(at), type: 'message' },
    message: { id: event, kind: 'text', text: words, ...(answers !== undefined && { quote: answers }) },
    customer: { id: person.id, nickname: person.name },
  };
}
