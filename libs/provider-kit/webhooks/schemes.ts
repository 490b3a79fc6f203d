import { createHmac } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { equalInConstantTime } from '#platform/plain';
import { ProviderError } from '../provider-error.js';
import { Mismatch, type Shape } from '../shape/shape.js';
import type { WebhookRequest } from '../webhook.js';

/** Verifies a webhook. It is the `verify` of a ProviderWebhook. */
export type Verify<C> = (request: WebhookRequest, context: C) => boolean;

/** The place of a signature, and how it is made. */
export interface SignedBody<C> {
  /** Header of the signature, in lower case. */
  header: string;
  /** Characters before the signature, such as `sha256=`. */
  prefix?: string;
  /** Reads the signatures of a header with several parts (`readSignatureParts`). Default: the header. */
  signatures?(header: string): readonly string[];
  /** Keys that may have signed. All are tried. Empty ones sign nothing. */
  keys(context: C): readonly string[];
  /** Header of the signed time, seconds since 1970. The text is `{time}.{body}` then. */
  timeHeader?: string;
  /** The signed time, seconds since 1970. It may differ from now by 5 minutes. Default: `timeHeader`. */
  time?(request: WebhookRequest): string | number | undefined;
  /** The text that is signed. Default: the body as received. */
  text?(request: WebhookRequest, context: C): string | Uint8Array;
  /** Default: `sha256` as hex digits. */
  algorithm?: 'sha1' | 'sha256' | 'sha512';
  encoding?: 'hex' | 'base64';
}

/** Seconds that a signed time may differ from now. */
const TOLERANCE_S = 300;

/** A webhook with an HMAC over its body. */
export function signedBody<C extends { readonly now: Date }>(options: SignedBody<C>): Verify<C> {
  const { header, prefix = '', signatures, keys, algorithm = 'sha256', encoding = 'hex', timeHeader } = options;
  const readTime = ({ headers }: WebhookRequest): string => headers[timeHeader ?? ''] ?? '';
  const {
    time = timeHeader && readTime,
    text = timeHeader && ((request) => Buffer.concat([Buffer.from(`${readTime(request)}.`), request.rawBody])),
  } = options;
  return (request, context) => {
    const value = request.headers[header];
    if (!value) return false;
    // Not a number is not near.
    if (time && !(Math.abs(context.now.getTime() / 1_000 - Number(time(request) ?? NaN)) <= TOLERANCE_S)) return false;
    const told = text ? text(request, context) : request.rawBody;
    const given = signatures?.(value) ?? [value];
    // All keys are tried, so that the time it takes does not show which one fits.
    return keys(context)
      .filter((key) => key !== '')
      .map((key) => prefix + createHmac(algorithm, key).update(told).digest(encoding))
      .flatMap((wanted) => given.map((signature) => equalInConstantTime(signature, wanted)))
      .includes(true);
  };
}

/** Reads a header such as `t=1700000000,v1=5257a8,v1=b3c1f0`. A name may occur twice. */
export function readSignatureParts(header = ''): URLSearchParams {
  return new URLSearchParams(header.trim().replaceAll(/\s*,\s*/g, '&'));
}

/** A webhook with a secret in a header, in its address or in its query. `expected`: undefined refuses all. */
export function sharedToken<C>(
  read: (request: WebhookRequest) => string | null | undefined,
  expected: (context: C, request: WebhookRequest) => string | undefined,
): Verify<C> {
  return (request, context) => {
    const [given, wanted] = [read(request), expected(context, request)];
    return !!given && !!wanted && equalInConstantTime(given, wanted);
  };
}

/** A webhook with HTTP Basic credentials. */
export function basicLogin<C>(expected: (context: C) => readonly [user: string, password: string] | undefined): Verify<C> {
  return sharedToken(
    ({ headers }) => headers['authorization'],
    (context) => {
      const login = expected(context);
      return login && `Basic ${Buffer.from(login.join(':')).toString('base64')}`;
    },
  );
}

/** A webhook without a signature from published networks. An empty list admits every sender. */
export function fromNetworks<C>(networks: (context: C) => readonly string[]): Verify<C> {
  return ({ remoteAddress }, context) => {
    const admitted = networks(context);
    return admitted.length === 0 || isInNetworks(admitted, remoteAddress);
  };
}

/** Whether an address is one of these, or in one of these networks (`185.71.76.0/27`). */
export function isInNetworks(networks: readonly string[], address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) !== 0 && buildList(networks).check(plain, getFamily(plain));
}

/** The texts that are not an address and not a network. */
export function listWrongNetworks(networks: readonly string[]): string[] {
  return networks.filter((one) => {
    try {
      buildList([one]);
      return false;
    } catch {
      return true;
    }
  });
}

/** Reads the JSON body of a webhook. Throws ProviderError `invalid`, with the place that does not fit. */
export function readWebhook<T>({ rawBody }: Pick<WebhookRequest, 'rawBody'>, shape: Shape<T>): T {
  try {
    return shape(JSON.parse(Buffer.from(rawBody).toString('utf8')));
  } catch (cause) {
    // The parser's own message would quote the body.
    const why = cause instanceof Mismatch ? `${cause.path || 'it'} ${cause.problem}` : 'it is not JSON';
    throw new ProviderError('invalid', `The webhook cannot be read: ${why}`, { cause });
  }
}

/** Reads the form of a webhook. */
export function readWebhookForm({ rawBody }: Pick<WebhookRequest, 'rawBody'>): URLSearchParams {
  return new URLSearchParams(Buffer.from(rawBody).toString('utf8'));
}

function buildList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, getFamily(address));
    else list.addSubnet(address, Number(bits), getFamily(address));
  }
  return list;
}

function getFamily(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
