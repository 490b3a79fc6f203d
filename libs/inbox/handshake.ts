import { CallbackError } from '#platform';
import type { ProviderContext, ProviderWebhook, WebhookReply, WebhookRequest } from '#provider-kit';

/** A page that carries what a stranger wrote cannot be made of these characters. */
const ECHO = /^[\w.-]{1,128}$/;

/**
 * Returns the reply to a trial of the address; undefined when the request is no trial.
 * @throws CallbackError 400 for a text that may not be sent back
 */
export function shakeHands<S extends object>(
  webhook: Pick<ProviderWebhook<S, unknown>, 'handshake'>,
  request: WebhookRequest,
  context: ProviderContext<S>,
): WebhookReply | undefined {
  const body = webhook.handshake?.(request, context);
  if (body === undefined) return undefined;
  if (!ECHO.test(body)) throw new CallbackError(400, 'A text to send back has 1 to 128 letters, digits, ".", "_" or "-".');
  return { status: 200, body };
}
