import { describe, expect, it } from '@jest/globals';
import type { MessengerTemplate } from '../port/index.js';
import { fillTemplate, toGatewayTemplate, toStoredTemplate } from './gateway-template.js';

const template: MessengerTemplate = {
  ...{ name: 'order_sent', language: 'es', category: 'utility', body: 'Hola {{1}}, su pedido {{2}} va en camino. Gracias, {{1}}.' },
  header: { type: 'image' },
  buttons: [
    { type: 'url', label: 'Seguir', url: 'https://shop.example/p/{{1}}' },
    { type: 'plain', label: 'Gracias' },
  ],
};
const FILE = '0c6a7a3e-5d1f-4a35-9d0e-2f6f1d8f2a11';
const variables = { header: { attachments: [{ id: FILE }] }, body: { args: ['Ana', '8061'] }, buttons: [{ args: ['8061'] }] };

describe('a template of a message', () => {
  it('has its values, its file and all buttons in order', () => {
    expect(fillTemplate(template, { status: 'approved', data: 'id-1' }, { code: 'es#order_sent', variables })).toEqual({
      ...{ name: 'order_sent', language: 'es', category: 'utility', data: 'id-1', header: { type: 'image', file: FILE } },
      body: ['Ana', '8061'],
      buttons: [
        { type: 'url', values: ['8061'] },
        { type: 'plain', values: [] },
      ],
    });
  });

  it('needs no values without placeholders', () => {
    const { body, buttons } = { ...template, body: 'Hola', buttons: [{ type: 'plain' as const, label: 'Gracias' }] };
    expect(fillTemplate({ name: 'hi', language: 'es', body, buttons }, { status: 'approved' }, { code: 'es#hi' })).toEqual({
      ...{ name: 'hi', language: 'es', body: [], buttons: [{ type: 'plain', values: [] }] },
    });
  });

  it.each<[string, object, number]>([
    ['without values', {}, 0],
    ['with fewer values of the body', { ...variables, body: { args: ['Ana'] } }, 3],
    ['with more values of the body', { ...variables, body: { args: ['Ana', '8061', 'x'] } }, 5],
    ['without its file', { ...variables, header: undefined }, 3],
    ['without the value of a button', { ...variables, buttons: [] }, 3],
    ['with a value of a button that has none', { ...variables, buttons: [{ args: ['8061'] }, { args: ['x'] }] }, 5],
  ])('%s is not filled in', (_, given, count) => {
    expect(fillTemplate(template, { status: 'approved' }, { code: 'c', variables: given })).toEqual({ wanted: 4, given: count });
  });
});

it('a template of a webhook is the same when it is sent to the gateway', () => {
  const wire = {
    ...{ name: 'order_sent', lang: 'es', category: 'utility', body: 'Hola {{1}}', footer: 'Tienda Sol' },
    header: { content: { type: 'text', body: 'Pedido {{1}}' } },
    buttons: {
      items: [
        { type: 'plain' as const, label: 'Gracias' },
        { type: 'phone' as const, label: 'Llamar', phone: '+34600000000' },
        { type: 'url' as const, label: 'Seguir', url: 'https://shop.example/{{1}}' },
      ],
    },
  };
  const stored = toStoredTemplate({ ...wire, channel_id: 5, example: { body: ['Ana'], attachments: [{ id: FILE }] } });
  expect(stored.example).toEqual({ body: ['Ana'], files: [FILE] });
  const state = { status: 'rejected', reason: 'scam', quality: 'low', note: 'no' } as const;
  expect(toGatewayTemplate(stored, state)).toEqual({
    ...{ ...wire, code: 'es#order_sent', type: 'text', verification_status: 'rejected', rejection_reason: 'scam', quality: 'low' },
  });
});
