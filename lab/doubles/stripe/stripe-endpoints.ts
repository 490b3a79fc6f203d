import { randomBytes } from 'node:crypto';
import { API_VERSION, found } from './stripe-book.js';
import { invalid, refuse, type StripeParams } from './stripe-params.js';
import type { StripeEndpoint } from './stripe-wire.js';

/** Most endpoints of an account in one mode. */
export const MOST_ENDPOINTS = 16;
/** Versions that an endpoint may be pinned to: some that Stripe had, and the one whose shapes these are. */
const VERSIONS = ['2020-08-27', '2024-06-20', '2025-09-30.clover', '2026-09-30.endive', API_VERSION];
/** Types of events that concern payments, and some that do not. */
const EVENT_TYPES = [
  ...['*', 'account.updated', 'balance.available', 'customer.created', 'invoice.paid', 'payout.paid'],
  ...['captured', 'expired', 'failed', 'pending', 'refund.updated', 'refunded', 'succeeded', 'updated'].map((name) => `charge.${name}`),
  ...['closed', 'created', 'funds_reinstated', 'funds_withdrawn', 'updated'].map((name) => `charge.dispute.${name}`),
  ...['async_payment_failed', 'async_payment_succeeded', 'completed', 'expired'].map((name) => `checkout.session.${name}`),
  ...['amount_capturable_updated', 'canceled', 'created', 'partially_funded'].map((name) => `payment_intent.${name}`),
  ...['payment_failed', 'processing', 'requires_action', 'succeeded'].map((name) => `payment_intent.${name}`),
  ...['refund.created', 'refund.failed', 'refund.updated'],
];

/** The webhook endpoints of an account in memory. */
export class StripeEndpoints {
  private readonly all: { readonly endpoint: StripeEndpoint; readonly secret: string }[] = [];

  constructor(private readonly account: { readonly livemode: boolean; readonly now: () => number }) {}

  /** All endpoints, the oldest first. */
  list(): StripeEndpoint[] {
    return this.all.map(({ endpoint }) => endpoint);
  }

  get(id: string): StripeEndpoint {
    return found(this.list(), id, 'webhook endpoint', 'webhook_endpoint');
  }

  /** Like the API: only the reply has the secret. */
  create(params: StripeParams): StripeEndpoint & { secret: string } {
    const url = this.readUrl(params.need('url'));
    const version = params.optional('api_version');
    if (version !== undefined && !VERSIONS.includes(version))
      throw invalid(undefined, 'api_version', `Invalid api_version: must be one of ${VERSIONS.join(', ')}`);
    const events = readEvents(params);
    if (events.length === 0) throw invalid('parameter_missing', 'enabled_events', 'Missing required param: enabled_events.');
    if (this.all.length >= MOST_ENDPOINTS)
      throw refuse(
        400,
        '',
        `You have reached the maximum of ${MOST_ENDPOINTS} ${this.account.livemode ? 'live' : 'test'} webhook endpoints.`,
      );
    const secret = `whsec_${randomBytes(16).toString('hex')}`;
    const endpoint = this.add({ url, events, secret, version: version ?? null });
    endpoint.description = params.optional('description') ?? null;
    endpoint.metadata = params.map('metadata');
    return { ...endpoint, secret };
  }

  update(id: string, params: StripeParams): StripeEndpoint {
    const endpoint = this.get(id);
    const [url, disabled, description] = [params.optional('url'), params.optional('disabled'), params.optional('description')];
    if (disabled !== undefined && !/^(true|false)$/.test(disabled)) throw invalid(undefined, 'disabled', `Invalid boolean: ${disabled}`);
    const events = readEvents(params);
    if (url !== undefined) endpoint.url = this.readUrl(url);
    if (events.length > 0) endpoint.enabled_events = events;
    if (disabled !== undefined) endpoint.status = disabled === 'true' ? 'disabled' : 'enabled';
    if (description !== undefined) endpoint.description = description;
    Object.assign(endpoint.metadata, params.map('metadata'));
    return endpoint;
  }

  remove(id: string): object {
    this.get(id);
    this.all.splice(
      this.all.findIndex(({ endpoint }) => endpoint.id === id),
      1,
    );
    return { id, object: 'webhook_endpoint', deleted: true };
  }

  /** The secret of the endpoint that was added last. */
  get lastSecret(): string {
    return this.all.at(-1)?.secret ?? '';
  }

  /** Like its user in the dashboard, which shows the secret. */
  add(made: { url: string; secret: string; events?: string[]; version?: string | null }): StripeEndpoint {
    const { url, secret, events: enabled_events = ['*'], version: api_version = null } = made;
    const endpoint: StripeEndpoint = {
      ...{ id: `we_${randomBytes(12).toString('hex')}`, object: 'webhook_endpoint', api_version, application: null, url },
      ...{
        created: this.account.now(),
        description: null,
        enabled_events,
        livemode: this.account.livemode,
        metadata: {},
        status: 'enabled',
      },
    };
    this.all.push({ endpoint, secret });
    return endpoint;
  }

  /** The addresses and signing secrets for an event of this type. */
  listTargets(type: string): { url: string; secret: string }[] {
    return this.all
      .filter(({ endpoint: { status, enabled_events: types } }) => status === 'enabled' && (types.includes('*') || types.includes(type)))
      .map(({ endpoint: { url }, secret }) => ({ url, secret }));
  }

  private readUrl(url: string): string {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw invalid('url_invalid', 'url', 'Not a valid URL');
    if (this.account.livemode && !url.startsWith('https:'))
      throw invalid('url_invalid', 'url', 'Invalid URL: In live mode, webhook endpoints must use HTTPS.');
    return url;
  }
}

function readEvents(params: StripeParams): string[] {
  const events = params.list('enabled_events');
  events.forEach((type, index) => {
    if (!EVENT_TYPES.includes(type))
      throw invalid(undefined, `enabled_events[${index}]`, `Invalid enabled_events[${index}]: must be one of ${EVENT_TYPES.join(', ')}`);
  });
  return events;
}
