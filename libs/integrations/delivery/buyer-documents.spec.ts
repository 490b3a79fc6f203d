import { expect, it } from '@jest/globals';
import type { Connection, CrmClients } from '#connections';
import { ScopeError, TransportError } from '#crm-client';
import type { Providers } from '#integration-kit';
import { ProviderError } from '#provider-kit';
import { BuyerDocuments } from './buyer-documents.js';
import type { DeliveryProvider, SaveRequest } from './port/index.js';

const request = { order: '7', recipient: { name: 'Ana' } } as SaveRequest;

async function add(recipientDocument: string | undefined, documentField: string | undefined, orders: unknown): Promise<unknown> {
  const list = (): Promise<unknown> => (orders instanceof Error ? Promise.reject(orders) : Promise.resolve({ orders }));
  const documents = new BuyerDocuments(
    { getManifest: () => ({ recipientDocument }) } as unknown as Providers<DeliveryProvider>,
    { crmFor: () => Promise.resolve({ exact: { orders: { list } } }) } as unknown as CrmClients,
  );
  try {
    const connection = { id: 'c', ...(documentField !== undefined && { rules: { rows: [], documentField } }) } as unknown as Connection;
    return (await documents.add(connection, request)).recipient;
  } catch (error) {
    if (error instanceof ProviderError) return `${error.kind}: ${error.message}`;
    throw error;
  }
}

const NEEDED = expect.stringMatching(/^invalid: The carrier needs the number/) as unknown;
const with1 = (value: unknown): object[] => [{ customFields: { passport: value } }];

it.each<[string, string | undefined, string | undefined, unknown, unknown]>([
  ['is not read if the carrier takes none', undefined, 'passport', new TypeError('read'), { name: 'Ana' }],
  ['is not read if no field is named', 'optional', undefined, new TypeError('read'), { name: 'Ana' }],
  ['is added as a text', 'optional', 'passport', with1(4455), { name: 'Ana', document: '4455' }],
  ['is added without spaces around it', 'required', 'passport', with1(' AB 1 '), { name: 'Ana', document: 'AB 1' }],
  ['may be missing if the carrier does not require it', 'optional', 'passport', with1('  '), { name: 'Ana' }],
  ['may be of an order that the CRM does not have', 'optional', 'passport', [], { name: 'Ana' }],
  ['is never a list', 'optional', 'passport', with1(['1']), { name: 'Ana' }],
  ['is required in the order', 'required', 'passport', [{ customFields: [] }], NEEDED],
  ['is required in the rules', 'required', undefined, [], NEEDED],
  [
    ...(['cannot be read while the CRM is away', 'optional', 'passport'] as const),
    ...([new TransportError('reset', { verb: 'GET', path: '/orders' }, 'ECONNRESET'), expect.stringMatching(/^unavailable: /)] as const),
  ],
  [
    ...(['cannot be read without the right', 'optional', 'passport'] as const),
    ...([new ScopeError('no', { verb: 'GET', path: '/orders' }, 'order_read'), expect.stringMatching(/^rejected: .*order_read/)] as const),
  ],
])('the number %s', async (_, kind, field, orders, result) => expect(await add(kind, field, orders)).toEqual(result));
