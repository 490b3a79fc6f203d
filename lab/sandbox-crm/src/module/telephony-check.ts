import { asObject, isObject } from '../json.js';
import type { ModuleReply } from './module-http.js';
import type { TelephonyCallback } from './registration.js';
import { type Judgement, judge, judgeError } from './reply-check.js';

/** Record formats that the CRM plays (reference: calls/upload): media types and first bytes. */
const SOUNDS = [
  { types: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'], begins: /^RIFF[\s\S]{4}WAVE/ },
  { types: ['audio/mpeg', 'audio/mp3'], begins: /^(ID3|\xff[\xe0-\xff])/ },
];

/**
 * Checks the reply of a telephony callback. `range` is the requested part of a record (`bytes=0-99`).
 */
export function judgeTelephony(callback: TelephonyCallback, reply: ModuleReply, range?: string): Judgement {
  if (reply.failure !== undefined) return { done: false, failure: reply.failure, violations: [] };
  if (callback === 'record') return judgeRecord(reply, range);
  if (reply.status !== 200) return judgeError(reply);
  if (callback === 'personalAccount') return judgePage(reply);
  // The reference requires only the status. A body, if any, must not contradict it.
  return isObject(reply.json) ? judge(reply, 'SuccessResponse') : { done: true, violations: [] };
}

function judgePage(reply: ModuleReply): Judgement {
  const violations: string[] = [];
  if (!/^text\/html\b/.test(reply.contentType)) violations.push(`the personal account must be text/html, not "${reply.contentType}"`);
  if (reply.bytes.length === 0) violations.push('the page is empty');
  return { done: violations.length === 0, violations };
}

function judgeRecord(reply: ModuleReply, range: string | undefined): Judgement {
  if (reply.status === 206 && range === undefined)
    return { done: false, violations: ['status 206 is only for a range that was requested'] };
  if (reply.status === 416 && range !== undefined)
    return { done: false, refusal: `416 ${String(asObject(reply.json)['errorMsg'] ?? '')}`, violations: [] };
  if (reply.status !== 200 && reply.status !== 206) return judgeError(reply);
  const violations: string[] = [];
  const type = reply.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const sound = SOUNDS.find((one) => one.types.includes(type));
  if (!sound) violations.push(`a record must be audio/wav or audio/mpeg, not "${reply.contentType}"`);
  const place = reply.status === 206 ? /^bytes (\d+)-(\d+)\/(\d+)$/.exec(reply.contentRange ?? '') : undefined;
  if (place === null) violations.push(`status 206 needs Content-Range: bytes first-last/length, not "${reply.contentRange ?? ''}"`);
  else if (place) violations.push(...checkPlace(place.slice(1).map(Number), range ?? '', reply.bytes.length));
  if (reply.bytes.length === 0) violations.push('the record is empty');
  else if (
    sound &&
    Number(place?.[1] ?? 0) === 0 &&
    reply.bytes.length >= 12 &&
    !sound.begins.test(reply.bytes.subarray(0, 12).toString('latin1'))
  )
    violations.push(`the bytes are no ${type}`);
  return { done: violations.length === 0, violations };
}

/** Checks that the received part is the requested part, up to the end of the record. */
function checkPlace([first = 0, last = 0, length = 0]: readonly number[], range: string, bytes: number): string[] {
  const violations: string[] = [];
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const wanted =
    from === '' ? [Math.max(0, length - Number(to)), length - 1] : [Number(from), Math.min(to === '' ? Infinity : Number(to), length - 1)];
  if (first !== wanted[0] || last !== wanted[1]) violations.push(`Content-Range: must be ${wanted.join('-')}, not ${first}-${last}`);
  if (last - first + 1 !== bytes) violations.push(`Content-Range: names ${last - first + 1} bytes, and ${bytes} came`);
  return violations;
}
