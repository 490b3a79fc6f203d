import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import {
  connectHook,
  disconnectHook,
  extendContext,
  type Hook,
  type HookCalls,
  isAuth,
  isOwnHook,
  isRefusal,
  makeError,
  type ManualStep,
  ProviderError,
  sayError,
  unlessError,
} from '#provider-kit';
import { takesPayments } from './check.js';
import { API_VERSION, readList, type ShopContext, type StripeApi, type StripeMethod, toForm } from './stripe.api.js';
import type { StripeContext, StripeShop } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** Events after which a payment is read. Their content is not used. */
export const EVENTS = [
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'charge.refunded',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
] as const satisfies readonly Stripe.WebhookEndpointCreateParams.EnabledEvent[];

/** Shown by Stripe with the endpoint. */
const DESCRIPTION = 'Made by the payment module of the CRM';
/** Before an endpoint's id, in the connection's memory. */
const SECRET = 'secret:';
/** Most endpoints that Stripe documents for an account. */
const MOST_ENDPOINTS = 16;

/** An endpoint at Stripe. `isOff`: it also lacks events. */
interface Endpoint extends Hook {
  /** It has the connection's id in its metadata: we made it. */
  isMarked: boolean;
  events: string[];
}

/** The shops that share a key. */
interface Group {
  /** The context of any of them. */
  context: ShopContext;
  shops: StripeShop[];
  /** Path of the key in the settings. */
  path: string;
}

/** Signing secrets by endpoint, and the ids of the endpoints that exist. */
interface Known {
  secrets: Map<string, string>;
  found: Set<string>;
}

/**
 * Ensures that each account has one enabled endpoint with this connection's address, all events we read and a
 * secret we know, and remembers the secrets. An existing one is reused, also one made by hand whose secret is
 * in the settings. Our endpoint at an earlier address is moved. Our endpoint with an unknown secret is made
 * again. Others stay unchanged. If the key lacks the right, the account's user has to do it.
 * @throws ProviderError the first account's rejection, unless there is a new secret to be stored first
 */
export const connectEndpoints: StripeMethod<'connect'> = async (api, _request, context) => {
  const known: Known = { secrets: new Map(listSecrets(context.memory)), found: new Set() };
  const manual: ManualStep[] = [];
  const failures: { path: string; error: ProviderError }[] = [];
  let isComplete = true;
  // One after the other: keys of one account share its endpoint.
  for (const group of groupShops(context)) {
    try {
      if (await setUp(api, group, known)) continue;
      if (!hasSecret(group)) manual.push(toManualStep(group));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Without new payments a key may well have been revoked.
      if (group.shops.some(({ active }) => active)) failures.push({ path: group.path, error });
    }
    isComplete = false;
  }
  const kept = [...known.secrets].filter(([id]) => !isComplete || known.found.has(id));
  const memory = Object.fromEntries(kept.map(([id, secret]) => [SECRET + id, secret]));
  const isNew = kept.some(([id]) => context.memory[SECRET + id] === undefined);
  const [first] = failures;
  if (first && !isNew) throw first.error;
  return {
    memory,
    ...(manual.length > 0 && { manual }),
    ...(first && { warnings: Object.fromEntries(failures.map(({ path, error }) => [path, sayError(error, context.account.language)])) }),
  };
};

/** Deletes the endpoints that `connectEndpoints` made. Throws ProviderError when Stripe is unavailable. */
export const disconnectEndpoints: StripeMethod<'disconnect'> = async (api, context) => {
  const known: Known = { secrets: new Map(listSecrets(context.memory)), found: new Set() };
  for (const group of groupShops(context)) {
    const isWanted = ({ id, isMarked }: Endpoint): boolean => isMarked || known.secrets.has(id);
    // Nothing can be done with a key that is refused.
    await unlessError(isAuth, disconnectHook({ ...toHookCalls(api, group, known), isWanted }, group.context), () => undefined);
  }
};

/** The signing secrets in the connection's memory, by the endpoint's id. */
export function listSecrets(memory: StripeContext['memory']): [id: string, secret: string][] {
  const entries = Object.entries(memory).filter(([name]) => name.startsWith(SECRET));
  return entries.map(([name, secret]) => [name.slice(SECRET.length), secret]);
}

function groupShops(context: StripeContext): Group[] {
  return context.settings.shops.flatMap((shop, index, all) => {
    const shops = all.filter(({ secretKey }) => secretKey === shop.secretKey);
    return shops[0] === shop ? [{ context: extendContext(context, { shop }), shops, path: `shops[${index}].secretKey` }] : [];
  });
}

function hasSecret({ shops }: Group): boolean {
  return shops.some(({ webhookSecret }) => webhookSecret !== undefined);
}

/** Returns false when the key is good for payments and may not do this. */
async function setUp(api: StripeApi, group: Group, known: Known): Promise<boolean> {
  try {
    await connectHook(toHookCalls(api, group, known), { replace: false }, group.context);
    return true;
  } catch (error) {
    // A key without this right is refused like a wrong one.
    if (!isAuth(error) || !(await takesPayments(api, group.context))) throw error;
    return false;
  }
}

function toHookCalls(api: StripeApi, group: Group, { secrets, found }: Known): HookCalls<Endpoint, ShopContext> {
  const isKnown = ({ id, isMarked }: Endpoint): boolean => isMarked || secrets.has(id);
  let others = 0;
  return {
    isOurs: (hook, context) => isKnown(hook) || isOwnHook(hook.url, context),
    async list(context) {
      const hooks = (await readList(api.endpoints, {}, context)).map(({ id, url, status, metadata, enabled_events: events }): Endpoint => {
        const lacks = !events.includes('*') && EVENTS.some((type) => !events.includes(type));
        const isMarked = metadata.crossdock === context.connectionId;
        const isUnknown = !secrets.has(id) && (isMarked || !hasSecret(group));
        return { id, url, events, isMarked, isUnknown, isOff: lacks || status === 'disabled' };
      });
      for (const { id } of hooks) found.add(id);
      const byHand = hooks.filter((hook) => !isKnown(hook) && isOwnHook(hook.url, context));
      others = hooks.length - byHand.length - hooks.filter(isKnown).length;
      // Endpoints made by hand stay, unless none is usable.
      const used = hooks.find(({ id }) => secrets.has(id)) ?? byHand.find(({ isUnknown }) => !isUnknown);
      return used ? hooks.filter((hook) => hook === used || !byHand.includes(hook)) : hooks;
    },
    async create(url, context) {
      const metadata = { crossdock: context.connectionId };
      const form = toForm({ url, enabled_events: EVENTS, api_version: API_VERSION, description: DESCRIPTION, metadata });
      try {
        // Not a key of the connection: after a deletion it would return the endpoint that is gone.
        const { id, secret } = await api.createEndpoint(context, { form, key: `crossdock:endpoint:${randomUUID()}` });
        secrets.set(id, secret);
        found.add(id);
      } catch (error) {
        if (!isRefusal(error) || others < MOST_ENDPOINTS) throw error;
        throw makeError('rejected', texts.endpointsFull, { cause: error });
      }
    },
    move({ id, events }, url, context) {
      // Events that others added stay.
      const wanted = events.includes('*') ? undefined : new Set([...events, ...EVENTS]);
      return api.updateEndpoint(context, { id, form: toForm({ url, disabled: false, enabled_events: wanted && [...wanted] }) });
    },
    async remove({ id }, context) {
      await api.unlessMissing(api.deleteEndpoint(context, { id }));
      secrets.delete(id);
    },
  };
}

function toManualStep({ shops, context }: Group): ManualStep {
  return { about: shops.map(({ name }) => name).join(', '), address: context.webhookUrl, events: [...EVENTS], text: texts.endpointByHand };
}
