import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { textFor } from '#platform';
import { type ConnectReport, type ManualStep, ProviderError } from '#provider-kit';
import { takesPayments } from './check.js';
import { buildIdempotencyKey, listAll, type StripeAccount, type StripeClient } from './stripe.client.js';
import { isRefusal } from './stripe.errors.js';
import { EVENTS } from './stripe.events.js';
import type { StripeContext } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/** Metadata of the endpoints that we make: the connection's id. */
const MARK = 'crossdock';
/** What Stripe shows beside such an endpoint. */
const DESCRIPTION = 'Made by the payment module of the CRM';
/** Before an endpoint's id, in what the connection remembers. */
const SECRET = 'secret:';
/** Most endpoints that Stripe documents for an account. */
const MOST_ENDPOINTS = 16;

/** The shops that share a key. */
interface Group {
  key: string;
  /** Any of them, to open the account by. */
  code: string;
  names: string[];
  /** Path of the key in the settings. */
  path: string;
  /** One of them takes payments. */
  isActive: boolean;
  /** One of them has the secret of an endpoint made by hand. */
  hasSecret: boolean;
}

/** What of our endpoints is known. */
interface Known {
  /** Signing secrets by endpoint. */
  secrets: Map<string, string>;
  /** Ids of the endpoints that are there. */
  found: Set<string>;
}

/**
 * Makes each account have one enabled endpoint with this connection's address, all events we read and a
 * secret we know, and remembers the secrets. One that is there is reused, also one made by hand whose secret
 * is in the settings; one of ours at an earlier address is moved; ours with an unknown secret is made again.
 * Others are left alone. A key that may not do this leaves it to the account's user.
 * @throws ProviderError what the first account refused, unless there is a new secret to be stored first
 */
export async function connectEndpoints(client: StripeClient, context: StripeContext): Promise<ConnectReport> {
  const known: Known = { secrets: new Map(listSecrets(context.memory)), found: new Set() };
  const manual: ManualStep[] = [];
  const failures: { path: string; error: ProviderError }[] = [];
  let isComplete = true;
  // One after the other: keys of one account share its endpoint.
  for (const group of groupShops(context)) {
    const account = client.openAccount(group.code, context);
    try {
      const isDone = await allow(account, () => setUp(account, group, known, context));
      if (isDone) continue;
      if (!group.hasSecret) manual.push(toManualStep(group, context));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Without new payments a key may well have been revoked.
      if (group.isActive) failures.push({ path: group.path, error });
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
    ...(first && { warnings: Object.fromEntries(failures.map(({ path, error }) => [path, error.message])) }),
  };
}

/** Deletes the endpoints that `connectEndpoints` made. Throws ProviderError when Stripe is away. */
export async function disconnectEndpoints(client: StripeClient, context: StripeContext): Promise<void> {
  const secrets = new Map(listSecrets(context.memory));
  for (const { code } of groupShops(context)) {
    const account = client.openAccount(code, context);
    try {
      const made = (await listEndpoints(account)).filter((one) => secrets.has(one.id) || isMarked(one, context));
      for (const { id } of made) await remove(account, id);
    } catch (error) {
      // With a key that is refused nothing can be done any more.
      if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    }
  }
}

/** The signing secrets that `connectEndpoints` remembers, by the endpoint's id. */
export function listSecrets(memory: StripeContext['memory']): [id: string, secret: string][] {
  const entries = Object.entries(memory).filter(([name]) => name.startsWith(SECRET));
  return entries.map(([name, secret]) => [name.slice(SECRET.length), secret]);
}

function groupShops({ settings }: StripeContext): Group[] {
  const groups = new Map<string, Group>();
  settings.shops.forEach(({ code, name, active, secretKey: key, webhookSecret }, index) => {
    const group = groups.get(key) ?? { key, code, names: [], path: `shops[${index}].secretKey`, isActive: false, hasSecret: false };
    group.names.push(name);
    group.isActive ||= active;
    group.hasSecret ||= webhookSecret !== undefined;
    groups.set(key, group);
  });
  return [...groups.values()];
}

/** Returns false when the key is good for payments and may not do this. */
async function allow(account: StripeAccount, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    // The HTTP client does not tell a key without this right from a wrong one.
    if (!(error instanceof ProviderError) || error.kind !== 'auth' || !(await takesPayments(account))) throw error;
    return false;
  }
}

/** Makes the account of these shops have its endpoint. */
async function setUp(account: StripeAccount, { hasSecret }: Group, known: Known, context: StripeContext): Promise<void> {
  const all = await listEndpoints(account);
  const ours = all.filter((one) => known.secrets.has(one.id) || isMarked(one, context) || isOurAddress(one.url, context));
  const byHand = hasSecret ? ours.find((one) => !isMarked(one, context)) : undefined;
  const usable = ours.find(({ id }) => known.secrets.has(id)) ?? byHand;
  for (const one of ours) {
    if (one !== usable && (!usable || isMarked(one, context))) await remove(account, one.id);
  }
  if (usable) {
    known.found.add(usable.id);
    return correct(account, usable, context);
  }
  const { id, secret } = await create(account, all.length - ours.length, context);
  known.secrets.set(id, secret);
  known.found.add(id);
}

/** The connection's path, at this address or at an earlier one. */
function isOurAddress(url: string, { webhookUrl }: StripeContext): boolean {
  return URL.canParse(url) && new URL(url).pathname === new URL(webhookUrl).pathname;
}

function isMarked({ metadata }: Stripe.WebhookEndpoint, { connectionId }: StripeContext): boolean {
  return metadata[MARK] === connectionId;
}

function listEndpoints(account: StripeAccount): Promise<Stripe.WebhookEndpoint[]> {
  return listAll(account, (stripe, page) => stripe.webhookEndpoints.list(page), isEndpoint);
}

/** Makes an endpoint with our address. `others`: how many there are, to explain a refusal. */
async function create(account: StripeAccount, others: number, context: StripeContext): Promise<{ id: string; secret: string }> {
  // Not of the connection: a repeat after a deletion would get the endpoint that is gone.
  const idempotencyKey = buildIdempotencyKey('endpoint', randomUUID());
  try {
    const made = await account.write(
      (stripe) =>
        stripe.webhookEndpoints.create(
          {
            url: context.webhookUrl,
            enabled_events: [...EVENTS],
            api_version: Stripe.API_VERSION,
            description: DESCRIPTION,
            metadata: { [MARK]: context.connectionId },
          },
          { idempotencyKey },
        ),
      (reply) => isEndpoint(reply) && typeof reply.secret === 'string' && reply.secret !== '',
    );
    return { id: made.id, secret: made.secret ?? '' };
  } catch (error) {
    if (!isRefusal(error) || others < MOST_ENDPOINTS) throw error;
    throw new ProviderError('rejected', textFor(texts.endpointsFull, context.account.language), { cause: error });
  }
}

/** Gives an endpoint our present address and the events it lacks, and switches it on. */
async function correct(account: StripeAccount, endpoint: Stripe.WebhookEndpoint, { webhookUrl }: StripeContext): Promise<void> {
  const has = new Set(endpoint.enabled_events);
  const lacks = !has.has('*') && EVENTS.some((type) => !has.has(type));
  const changes: Stripe.WebhookEndpointUpdateParams = {
    ...(endpoint.url !== webhookUrl && { url: webhookUrl }),
    // Those that somebody added stay.
    ...(lacks && { enabled_events: [...new Set([...endpoint.enabled_events, ...EVENTS])] as (typeof EVENTS)[number][] }),
    ...(endpoint.status === 'disabled' && { disabled: false }),
  };
  if (Object.keys(changes).length > 0) await account.write((stripe) => stripe.webhookEndpoints.update(endpoint.id, changes), isEndpoint);
}

/** Deletes an endpoint; one that is gone already is fine. */
async function remove(account: StripeAccount, id: string): Promise<void> {
  try {
    await account.write(
      (stripe) => stripe.webhookEndpoints.del(id),
      (reply) => reply.deleted,
    );
  } catch (error) {
    if (!isRefusal(error) || (await listEndpoints(account)).some((one) => one.id === id)) throw error;
  }
}

function isEndpoint({ id, url, status, enabled_events: events, metadata }: Stripe.WebhookEndpoint): boolean {
  const areTexts = [id, url, status].every((text) => typeof text === 'string');
  return areTexts && Array.isArray(events) && typeof metadata === 'object' && metadata !== null;
}

function toManualStep({ names }: Group, { webhookUrl }: StripeContext): ManualStep {
  return { about: names.join(', '), address: webhookUrl, events: [...EVENTS], text: texts.endpointByHand };
}
