import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { object, oneOf, type Schema, text, whole } from './wire.js';

const PIECE = 64 * 1_024;

/** A failure that every double of an HTTP service can play. */
export type HttpFault =
  /** Waits, then acts and replies. */
  | { kind: 'delay'; ms: number }
  /** Resets the connection and does nothing. */
  | { kind: 'drop-before' }
  /** Resets the connection immediately and acts only `ms` later. */
  | { kind: 'late'; ms: number }
  /** Replies with its own error, 500 or the given one, and does nothing. */
  | { kind: 'error-before'; status?: number }
  /** Acts, then replies with its own error, 500 or the given one. */
  | { kind: 'error-after'; status?: number }
  /** Replies with 429 and does nothing. */
  | { kind: 'rate-limit'; retryAfterSeconds?: number }
  | { kind: ReplyFault };

/** How the reply to a call that has acted goes wrong. */
export type ReplyFault =
  /** The connection is reset without a reply. */
  | 'drop-after'
  /** Headers and half of the body, then the connection is reset. */
  | 'cut'
  /** Never replies. The connection stays open until the double closes. */
  | 'hang'
  /** Headers and half of the body, then silence. */
  | 'stall'
  /** The right status, with a body that is not JSON. */
  | 'invalid-json';

/** Every kind of HttpFault, and the fields that it needs. */
const NEEDS: Readonly<Record<HttpFault['kind'], readonly string[]>> = {
  ...{ delay: ['ms'], late: ['ms'], 'drop-before': [], 'error-before': [], 'error-after': [], 'rate-limit': [] },
  ...{ 'drop-after': [], cut: [], hang: [], stall: [], 'invalid-json': [] },
};

/** A service's answer: JSON unless `pdf` or `file` is set. */
export interface ServiceAnswer {
  /** By default 200. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  pdf?: Uint8Array;
  /** `paceMs`: milliseconds before each piece of 64 KB. `stream` sends the bytes without a length. */
  file?: { type: string; bytes: Uint8Array | string; paceMs?: number; stream?: (() => Readable) | undefined };
}

/** A call in progress. */
interface FaultyCall {
  fault: HttpFault | undefined;
  reply: FastifyReply;
  /** The service's own words for a failure, and for too many calls. */
  fail(status: number): ServiceAnswer;
  refuse(seconds: number): ServiceAnswer;
  /** Does the call's action. */
  act(): Promise<ServiceAnswer>;
  /** Does something later, unless the double is closed before. */
  later(ms: number, action: () => void): void;
}

/** Acts and replies, or plays the fault. Throws errors of `act`. */
export async function playFault({ fault, reply, fail, refuse, act, later }: FaultyCall): Promise<FastifyReply> {
  if (fault === undefined) return sendAnswer(reply, await act());
  switch (fault.kind) {
    case 'delay':
      await sleep(fault.ms);
      return sendAnswer(reply, await act());
    case 'drop-before':
      return spoil(reply, 'drop-after', {});
    case 'late':
      // The client no longer waits for a rejection.
      later(fault.ms, () => void act().catch(() => undefined));
      return spoil(reply, 'drop-after', {});
    case 'error-before':
      return sendAnswer(reply, fail(fault.status ?? 500));
    case 'error-after':
      await act();
      return sendAnswer(reply, fail(fault.status ?? 500));
    case 'rate-limit':
      return sendAnswer(reply, refuse(fault.retryAfterSeconds ?? 1));
    default:
      return spoil(reply, fault.kind, await act());
  }
}

export function isHttpFault(fault: { kind: string }): fault is HttpFault {
  return Object.hasOwn(NEEDS, fault.kind);
}

/** Sends the part of a reply that the fault allows. `headers` contains the body's type. */
export function spoilReply(
  response: ServerResponse,
  fault: ReplyFault,
  { status = 200, headers, body }: { status?: number; headers?: Readonly<Record<string, string>>; body: Uint8Array },
): void {
  if (fault === 'hang') return;
  if (fault === 'drop-after') return void response.socket?.resetAndDestroy();
  if (fault === 'invalid-json') {
    response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end('{"broken":');
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.write(body.subarray(0, body.length >> 1), () => {
    if (fault === 'cut') response.socket?.resetAndDestroy();
  });
}

export function sendAnswer(reply: FastifyReply, given: ServiceAnswer): FastifyReply {
  const { status, type, body } = toReply(given);
  const { paceMs = 0, stream } = given.file ?? {};
  void reply
    .code(status)
    .type(type)
    .headers(given.headers ?? {});
  return paceMs > 0 ? reply.header('content-length', body.length).send(Readable.from(drip(body, paceMs))) : reply.send(stream?.() ?? body);
}

async function* drip(bytes: Buffer, paceMs: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await sleep(paceMs);
    yield bytes.subarray(at, at + PIECE);
  }
}

function spoil(reply: FastifyReply, fault: ReplyFault, given: ServiceAnswer): FastifyReply {
  const { status, type, body } = toReply(given);
  reply.hijack();
  spoilReply(reply.raw, fault, { status, headers: { ...(reply.getHeaders() as Record<string, string>), 'content-type': type }, body });
  return reply;
}

function toReply({ status = 200, json = {}, pdf, file }: ServiceAnswer): { status: number; type: string; body: Buffer } {
  if (pdf !== undefined) return { status, type: 'application/pdf', body: Buffer.from(pdf) };
  if (file !== undefined) return { status, type: file.type, body: Buffer.from(file.bytes) };
  return { status, type: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(json)) };
}

/** Faults planned for a double's next calls. `Call`: names of calls; `Own`: the service's own faults. */
export class PlannedFaults<Call extends string, Own extends { kind: string }> {
  private planned: { calls: readonly (Call | '*')[]; fault: HttpFault | Own; left: number; after: number }[] = [];

  /**
   * `own`: the fields that each own fault needs, one of each list. `exempt`: calls that `*` does not cover.
   */
  constructor(
    readonly calls: readonly Call[],
    private readonly own: Readonly<Record<string, readonly string[]>>,
    private readonly exempt: readonly Call[] = [],
  ) {}

  /**
   * Plans a fault for the next `times` calls of these names, once `after` of them have gone well. Faults of
   * one call happen in the order they were added.
   */
  add(calls: Call | '*' | readonly Call[], fault: HttpFault | Own, times: number, after = 0): void {
    this.planned.push({ calls: [calls].flat() as (Call | '*')[], fault, left: times, after });
  }

  /** Returns the fault of a call that is being made, and uses it up. */
  take(call: Call): HttpFault | Own | undefined {
    const found = this.planned.find(({ calls }) => calls.includes(call) || (calls.includes('*') && !this.exempt.includes(call)));
    if (found === undefined || found.after-- > 0) return undefined;
    if (--found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
    return found.fault;
  }

  /** Whether all planned faults have happened. */
  get isUsedUp(): boolean {
    return this.planned.length === 0;
  }

  clear(): void {
    this.planned = [];
  }

  /** JSON schema of `{call, fault, times}`. */
  get schema(): Schema {
    const needs = Object.entries({ ...NEEDS, ...this.own });
    const allOf = needs
      .filter(([, names]) => names.length > 0)
      .map(([kind, names]) => ({
        if: { properties: { kind: oneOf(kind) } },
        then: { anyOf: names.map((name) => ({ required: [name] })) },
      }));
    const numbers = { 'ms?': whole(0), 'status?': whole(400, 599), 'retryAfterSeconds?': whole(0) };
    const fault = object({ kind: oneOf(...needs.map(([kind]) => kind)), ...numbers, 'code?': text(), 'message?': text() }, { allOf });
    return object({ call: oneOf<string>('*', ...this.calls), fault, 'times?': whole(1) });
  }
}
