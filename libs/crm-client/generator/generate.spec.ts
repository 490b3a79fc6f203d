import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { exact } from '../index.js';
import type { OrdersRequest, TelephonyCall, User } from '../generated/types.js';
import { enumsByField, loadContract, typeName } from './contract.mjs';
import { generate, writeGenerated } from './generate.mjs';

describe('the generator', () => {
  it('writes missing and old files, removes others, and keeps correct files', () => {
    const folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'generated-'))}/`);
    writeGenerated(folder);
    const written = statSync(new URL('types.ts', folder)).mtimeMs;
    writeFileSync(new URL('left-over.ts', folder), '');
    writeFileSync(new URL('wire.ts', folder), '');
    writeGenerated(folder);
    expect(readdirSync(folder).sort()).toEqual(Object.keys(generate()).sort());
    expect(readFileSync(new URL('wire.ts', folder), 'utf8')).toBe(generate()['wire.ts']);
    expect(statSync(new URL('types.ts', folder)).mtimeMs).toBe(written);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['Entity/Orders/Order', 'Order'],
    ['Entity/Tasks/Order', 'TasksOrder'],
    ['Request/Delivery/TrackingRequest', 'DeliveryTrackingRequest'],
    ['Callback/Entity/Delivery/RequestProperty/RequestSave', 'CallbackDeliveryRequestSave'],
    ['Callback/Response/Delivery/CalculateResponse', 'CallbackDeliveryCalculateResponse'],
    ['Filter/Orders/OrderFilter', 'OrderFilter'],
  ])('names %s %s', (path, name) => {
    expect(typeName(path)).toBe(name);
  });

  it.each([
    [{ 'Enum/Nope': ['Entity/Telephony/Call.result'] }, 'Enum/Nope, which is not an enum'],
    [{ 'Enum/Telephony/CallResult': ['Entity/Telephony/Call.outcome'] }, 'Entity/Telephony/Call.outcome, which is not a field'],
    [{ 'Enum/Telephony/CallResult': ['Entity/Telephony/Call.date'] }, 'Entity/Telephony/Call.date is datetime'],
  ])('rejects a list of fields that contradicts the contract: %j', (fields, message) => {
    expect(() => enumsByField(fields, loadContract())).toThrow(message);
  });

  it('gives a closed list where it is written, an open one where it is read', () => {
    const written: TelephonyCall = { result: 'no answer' };
    // @ts-expect-error the hangup status is spelled otherwise
    const misspelled: TelephonyCall = { result: 'no answered' };
    // @ts-expect-error the API's pages have 20, 50, 100 or 250 items
    const page: OrdersRequest = { limit: 30, filter: { vip: true } };
    const read: exact.User = { status: 'teleworking' };
    const wire: User = { status: 'teleworking' };
    expect([written, misspelled, page, read, wire]).toHaveLength(5);
  });
});
