import { CallbackError } from '#platform';
import type { ProviderContext, ProviderWebhook, WebhookReply, WebhookRequest } from '#provider-kit';

/** A page with a stranger's text cannot be built from these characters. */
const ECHO = /^[\w.-]{1,128}$/;

/**
 * Returns the reply to a test of the address, or undefined if the request is not a test.
 * @throws CallbackError 400 for a text that must not be sent back
 */
export function shakeHands<S extends object>(
  webhook: Pick<ProviderWebhook<S, unknown>, 'handshake'>,
  request: WebhookRequest,
  context: ProviderContext<S>,
): WebhookReply | undefined {
  const body = webhook.handshake?.(request, context);
  if (body === undefined) return undefined;
  if (!ECHO.test(body)) throw new CallbackError(400, 'The text to return must have 1 to 128 letters, digits, ".", "_" or "-".');
  return { status: 200, body };
}
