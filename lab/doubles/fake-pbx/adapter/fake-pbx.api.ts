import { createHash, createHmac } from 'node:crypto';
import {
  decimal,
  type HttpStream,
  list,
  maybe,
  ProviderError,
  Service,
  shape,
  type Shaped,
  signed,
  type StreamLimits,
  text,
} from '#provider-kit';
import type { FakePbxContext } from './fake-pbx.settings.js';

/** Returns the signature of calls and webhooks: base64 of the hex HMAC-SHA1. */
export function sign(secret: string, words: string): string {
  return Buffer.from(createHmac('sha1', secret).update(words).digest('hex')).toString('base64');
}

/** In every reply. Replies that refuse may be 200. */
const outcome = shape({ status: text, message: maybe(text) });

const service = new Service<FakePbxContext>({
  name: 'Fake PBX',
  url: ({ settings }) => settings.baseUrl ?? '',
  isAccountAddress: true,
  auth: signed(
    ({ settings }) => settings.key,
    ({ path, query }, { settings: { key, secret } }) => {
      const signature = sign(secret, `${path}${query}${createHash('md5').update(query).digest('hex')}`);
      return { authorization: `${key}:${signature}` };
    },
  ),
  // Parameters are signed in the order of their names.
  writeParameters: (parameters) => {
    const written = Object.entries({ ...parameters, format: 'json' }).map(([name, value]): [string, string] => [name, String(value)]);
    const query = new URLSearchParams(written);
    query.sort();
    return String(query);
  },
  isRefused: (reply) => !reply.ok || reply.json(outcome).status !== 'success',
  refusal: (body) => ({ problems: [outcome(body)] }),
});

/** A part of a call that has ended. */
const row = shape({
  ...{ sip: maybe(text), callstart: text, clid: text, destination: text, disposition: text },
  ...{ seconds: decimal, is_recorded: text, pbx_call_id: maybe(text) },
});
export type StatisticsRow = Shaped<typeof row>;

/** Calls a customer, although it is a GET. */
export const placeCall = service.act('GET /v1/request/callback/', shape({ pbx_call_id: maybe(text) }));
export const readStatistics = service.read('/v1/statistics/pbx/', shape({ stats: list(row) }));
const readRecord = service.read('/v1/pbx/record/request/', shape({ link: maybe(text), links: maybe(list(text)) }));

/** Finds the link of a recording by its id or by its call's. Undefined without a recording. */
export async function findLink(name: 'call_id' | 'pbx_call_id', id: string, context: FakePbxContext): Promise<string | undefined> {
  // Seconds that the link works: the minimum.
  const found = readRecord(context, { query: { [name]: id, lifetime: 180 } });
  return service.unless(
    'rejected',
    found.then(({ link, links }) => link ?? links?.[0]),
    () => undefined,
  );
}

/** Opens a file at a link of the PBX. Throws ProviderError `unavailable` for another host. */
export async function openFile(link: string, context: FakePbxContext, limits: StreamLimits): Promise<HttpStream> {
  if (!URL.canParse(link) || new URL(link).origin !== new URL(service.getUrl(context)).origin)
    throw new ProviderError('unavailable', 'Fake PBX names a recording that is somewhere else');
  return service.stream(link, context, limits);
}
