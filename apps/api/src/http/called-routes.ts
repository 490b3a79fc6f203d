/** Routes that the CRM and providers call. All others are pages, files and the operators' routes. */
const ROUTE = /^\/:module\/(?:(callbacks)\/(?!embed\/:file$)(.+)|(webhooks)\/.*|(register|config))$/;

/** A route that the CRM or a provider calls. */
export interface CalledRoute {
  readonly kind: 'callback' | 'webhook';
  /** Name, such as `delivery.save`. */
  readonly name: string;
}

/** Describes a route by its path in Fastify. Undefined if neither the CRM nor a provider calls it. */
export function describeCalled(url: string): CalledRoute | undefined {
  const [, callbacks, path = '', webhooks, own = ''] = ROUTE.exec(url) ?? [];
  if (webhooks) return { kind: 'webhook', name: 'webhook' };
  if (!callbacks && !own) return undefined;
  return { kind: 'callback', name: (own || path).replace(/\/:\w+|\/\*/g, '').replaceAll('/', '.') };
}
