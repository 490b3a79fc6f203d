import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { generate, typeName } from './generate.mjs';

const folder = new URL('../generated/', import.meta.url);

describe('the generator', () => {
  it.each(Object.entries(generate()))('made %s as it stands (else run npm run generate:crm-types)', (file, text) => {
    expect(readFileSync(new URL(file, folder), 'utf8') === text).toBe(true);
  });

  it('made all files of the folder', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(generate()).sort());
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
});
