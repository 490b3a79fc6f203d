/** What the CRM and providers call; the rest are pages and the operator's. */
const ROUTE = /^\/:module\/(?:(callbacks)\/(.+)|(webhooks)\/.*|(register|config))$/;

/** A route that the CRM or a provider calls. */
export interface CalledRoute {
  readonly kind: 'callback' | 'webhook';
  /** Such as `delivery.save`. */
  readonly name: string;
}

/** Describes a route by its path as Fastify has it; undefined: nobody outside calls it. */
export function describeCalled(url: string): CalledRoute | undefined {
  const [, callbacks, path = '', webhooks, own = ''] = ROUTE.exec(url) ?? [];
  if (webhooks) return { kind: 'webhook', name: 'webhook' };
  if (!callbacks && !own) return undefined;
  return { kind: 'callback', name: (own || path).replace(/\/:\w+|\/\*/g, '').replaceAll('/', '.') };
}
