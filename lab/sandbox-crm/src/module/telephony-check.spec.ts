import { describe, expect, it } from '@jest/globals';
import { parseJson } from '../json.js';
import type { ModuleReply } from './module-http.js';
import { judgeTelephony } from './telephony-check.js';

const WAV = Buffer.from('RIFF\x24\x00\x00\x00WAVEfmt and so on', 'latin1');

function reply(status: number, contentType: string, body: string | Buffer = '', contentRange?: string): ModuleReply {
  const bytes = Buffer.from(body);
  const json = contentType.startsWith('application/json') ? parseJson(bytes.toString()) : undefined;
  return { status, contentType, contentRange, bytes, json, milliseconds: 1 };
}

const JSON_TYPE = 'application/json; charset=utf-8';

describe('replies of telephony', () => {
  it.each([
    ['a bare 200', reply(200, '')],
    ['a 200 that says so', reply(200, JSON_TYPE, '{"success":true}')],
  ])('a call is done by %s', (_what, given) => {
    expect(judgeTelephony('makeCall', given)).toEqual({ done: true, violations: [] });
  });

  it('a refusal with status 200 violates the contract', () => {
    expect(judgeTelephony('changeUserStatus', reply(200, JSON_TYPE, '{"success":false}')).violations).toHaveLength(1);
    expect(judgeTelephony('makeCall', reply(200, JSON_TYPE, '{"success":true,"call":1}')).violations).toEqual([
      'call: is not a field of the contract',
    ]);
  });

  it('a refusal is one, without its fields', () => {
    const refused = judgeTelephony('makeCall', reply(400, JSON_TYPE, '{"success":false,"errorMsg":"No","errors":{"phone":"is wrong"}}'));
    expect(refused).toEqual({ done: false, refusal: '400 No', violations: [] });
    expect(judgeTelephony('makeCall', reply(500, 'text/html', 'Oops')).violations).toHaveLength(2);
  });

  it('a personal account is a page', () => {
    expect(judgeTelephony('personalAccount', reply(200, 'text/html; charset=utf-8', '<p>')).done).toBe(true);
    expect(judgeTelephony('personalAccount', reply(200, JSON_TYPE, '{"success":true}')).violations).toHaveLength(1);
    expect(judgeTelephony('personalAccount', reply(200, 'text/html')).violations).toEqual(['the page is empty']);
  });

  it('a record has the type that its bytes are of', () => {
    expect(judgeTelephony('record', reply(200, 'audio/x-wav', WAV))).toEqual({ done: true, violations: [] });
    expect(judgeTelephony('record', reply(200, 'audio/mpeg', Buffer.concat([Buffer.from('ID3'), Buffer.alloc(20)]))).done).toBe(true);
    expect(judgeTelephony('record', reply(200, 'audio/mpeg', WAV)).violations).toEqual(['the bytes are no audio/mpeg']);
    expect(judgeTelephony('record', reply(200, 'application/octet-stream', WAV)).violations).toHaveLength(1);
    expect(judgeTelephony('record', reply(200, 'audio/wav')).violations).toEqual(['the record is empty']);
    expect(judgeTelephony('record', reply(403, JSON_TYPE, '{"success":false,"errorMsg":"Expired"}')).refusal).toBe('403 Expired');
  });

  it.each([
    ['bytes=2-4', 'bytes 2-4/29', 3, []],
    ['bytes=-3', 'bytes 26-28/29', 3, []],
    ['bytes=20-', 'bytes 20-28/29', 9, []],
    ['bytes=20-99', 'bytes 20-28/29', 9, []],
    ['bytes=2-4', 'bytes 2-5/29', 4, ['Content-Range: must be 2-4, not 2-5']],
    ['bytes=2-4', 'bytes 2-4/29', 9, ['Content-Range: names 3 bytes, and 9 came']],
    ['bytes=2-4', '2-4', 3, ['status 206 needs Content-Range: bytes first-last/length, not "2-4"']],
  ])('%s is answered by %s and %i bytes', (range, place, size, violations) => {
    expect(judgeTelephony('record', reply(206, 'audio/wav', WAV.subarray(0, size), place), range).violations).toEqual(violations);
  });

  it('a part that was not asked for, and a range that lies outside', () => {
    expect(judgeTelephony('record', reply(206, 'audio/wav', WAV, 'bytes 0-28/29')).violations).toHaveLength(1);
    const outside = judgeTelephony('record', reply(416, JSON_TYPE, '{"success":false,"errorMsg":"Outside"}'), 'bytes=99-');
    expect(outside).toEqual({ done: false, refusal: '416 Outside', violations: [] });
  });
});
