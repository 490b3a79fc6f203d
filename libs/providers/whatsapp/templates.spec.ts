import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MessengerTemplate, OutTemplate, TemplateExample } from '#chat/port';
import { getParser } from '#platform';
import { providerContext } from '../../testing/builders.js';
import { WhatsAppDouble, type WhatsAppPerson } from '../../../lab/doubles/whatsapp/index.js';
import { WhatsAppProvider } from './whatsapp.provider.js';
import { type WhatsAppContext, WhatsAppSettings } from './whatsapp.settings.js';

let whatsapp: WhatsAppDouble;
let provider: WhatsAppProvider;
let context: WhatsAppContext;
let ana: WhatsAppPerson;

const file = { name: 'a.jpg', type: 'image/jpeg', size: 5, open: () => Promise.resolve(Readable.from([Buffer.from('bytes')])) };
const ORDER: MessengerTemplate & { example: TemplateExample } = {
  ...{ name: 'order_sent', language: 'es', category: 'utility', header: { type: 'text', text: 'Pedido {{1}}' } },
  ...{ body: 'Hola {{1}}, su pedido {{2}} va en camino.', footer: 'Tienda Sol' },
  buttons: [
    { type: 'url', label: 'Seguir', url: 'https://tienda.example/p/{{1}}' },
    { type: 'plain', label: 'Gracias' },
    { type: 'phone', label: 'Llamar', phone: '+34600111222' },
  ],
  example: { header: ['8061'], body: ['Ana', '8061'], buttons: [['8061'], [], []] },
};
const VALUES: OutTemplate = {
  ...{ name: 'order_sent', language: 'es', header: { type: 'text', values: ['8061'] }, body: ['Ana\n y     Eva', '8061'] },
  buttons: [
    { type: 'url', values: ['8061'] },
    { type: 'plain', values: [] },
    { type: 'phone', values: [] },
  ],
};

const account = (): string => whatsapp.number.id;
const approve = (changes: object = {}): object => Object.assign(whatsapp.business.templates[0] ?? {}, { status: 'APPROVED', ...changes });
const send = (template: OutTemplate) =>
  provider.sendMessage({ reference: randomUUID(), account: account(), customer: ana.phone, kind: 'text', media: [], template }, context);

beforeAll(async () => {
  whatsapp = await WhatsAppDouble.start();
  provider = new WhatsAppProvider({ WHATSAPP_URL: whatsapp.url });
});
afterAll(() => whatsapp.close());
beforeEach(() => {
  whatsapp.reset();
  ana = whatsapp.addPerson();
  context = providerContext(getParser(WhatsAppSettings).parse(whatsapp.settings), { now: new Date(), signal: AbortSignal.timeout(30_000) });
});

describe('a template', () => {
  it('is created with its examples, listed unchanged and changed', async () => {
    const made = await provider.createTemplate(account(), ORDER, context);
    expect(made).toMatchObject({ status: 'pending' });
    const { example: _, ...shown } = ORDER;
    expect(await provider.listTemplates(account(), context)).toEqual([
      { ...shown, state: { status: 'pending', quality: 'pending', data: made.data } },
    ]);
    approve();
    const changed = { ...ORDER, body: 'Hola {{1}}.', example: { ...ORDER.example, body: ['Ana'] }, ...(made.data && { data: made.data }) };
    expect(await provider.updateTemplate(account(), changed, context)).toMatchObject({ status: 'pending', data: made.data });
    expect(await provider.listTemplates(account(), context)).toMatchObject([{ body: 'Hola {{1}}.' }]);
  });

  it('with a file as its header has an uploaded sample', async () => {
    const { header: _, ...rest } = ORDER;
    await provider.createTemplate(account(), { ...rest, header: { type: 'image' }, example: { ...ORDER.example, file } }, context);
    expect(whatsapp.business.templates[0]?.components[0]).toMatchObject({
      format: 'IMAGE',
      example: { header_handle: [expect.stringMatching(/^4::/)] },
    });
    const bare = provider.createTemplate(account(), { ...rest, name: 'other', header: { type: 'image' } }, context);
    await expect(bare).rejects.toMatchObject({ kind: 'rejected' });
  });

  it('that exists is refused with Meta’s reason, and whose reply is lost is found in the list', async () => {
    await provider.createTemplate(account(), ORDER, context);
    await expect(provider.createTemplate(account(), ORDER, context)).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/already exists/),
    });
    whatsapp.fail('createTemplate', { kind: 'drop-after' });
    await expect(provider.createTemplate(account(), { ...ORDER, language: 'en' }, context)).rejects.toMatchObject({
      kind: 'unknown_outcome',
    });
    expect((await provider.listTemplates(account(), context)).map(({ language }) => language)).toEqual(['es', 'en']);
  });

  it('is deleted in one language, also twice', async () => {
    const { data = '' } = await provider.createTemplate(account(), ORDER, context);
    await provider.createTemplate(account(), { ...ORDER, language: 'en' }, context);
    for (let n = 0; n < 2; n++) await provider.deleteTemplate(account(), { name: 'order_sent', language: 'es', data }, context);
    expect(whatsapp.business.templates.map(({ language }) => language)).toEqual(['en']);
  });

  it.each([
    ['FLAGGED', {}, { status: 'approved', quality: 'low' }],
    ['PAUSED', { quality_score: { score: 'YELLOW' } }, { status: 'paused', quality: 'medium' }],
    ['REJECTED', { rejected_reason: 'SCAM' }, { status: 'rejected', reason: 'scam', note: 'SCAM' }],
    ['REJECTED', { rejected_reason: 'TAG_CONTENT_MISMATCH' }, { status: 'rejected', reason: 'incorrect_category' }],
    ['LIMIT_EXCEEDED', {}, { status: 'disabled' }],
  ])('in the state %s %j is %j', async (status, changes, wanted) => {
    await provider.createTemplate(account(), ORDER, context);
    approve({ status, ...changes });
    expect((await provider.listTemplates(account(), context))[0]?.state).toMatchObject(wanted);
  });

  it('that is gone is not listed, and one with a button of another type cannot be used', async () => {
    await provider.createTemplate(account(), ORDER, context);
    approve({ status: 'PENDING_DELETION' });
    expect(await provider.listTemplates(account(), context)).toEqual([]);
    approve({
      components: [
        { type: 'BODY', text: 'x' },
        { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy' }] },
      ],
    });
    expect((await provider.listTemplates(account(), context))[0]).toMatchObject({ unusable: expect.any(String), buttons: [] });
  });
});

describe('a message from a template', () => {
  beforeEach(async () => {
    await provider.createTemplate(account(), ORDER, context);
    approve();
  });

  it('has the values in their places, and begins a chat', async () => {
    expect(await send(VALUES)).toMatchObject({ chat: ana.phone, customer: ana.phone });
    expect(whatsapp.sent(ana)[0]?.value).toMatchObject({
      components: [
        { type: 'header', parameters: [{ type: 'text', text: '8061' }] },
        { type: 'body', parameters: [{ type: 'text', text: 'Ana y    Eva' }, { text: '8061' }] },
        { type: 'button', sub_type: 'url', index: '0', parameters: [{ text: '8061' }] },
      ],
    });
  });

  it('names named placeholders, and uploads a file of the header', async () => {
    const components = [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: '{{who}}, {{what}} and {{who}}' },
    ];
    approve({ components, parameter_format: 'NAMED' });
    const [{ body, state } = { body: '', state: undefined }] = await provider.listTemplates(account(), context);
    expect(body).toBe('{{1}}, {{2}} and {{1}}');
    const data = state?.data ?? '';
    await send({ name: 'order_sent', language: 'es', data, header: { type: 'image', file }, body: ['Ana', 'it'], buttons: [] });
    expect(whatsapp.sent(ana)[0]?.value).toMatchObject({
      components: [
        { parameters: [{ type: 'image', image: { id: expect.any(String) } }] },
        { parameters: [{ parameter_name: 'who' }, { parameter_name: 'what' }] },
      ],
    });
  });

  it.each([
    [{ body: ['Ana'] }, {}, /Значения не подходят/],
    [{ language: 'pt_BR' }, {}, /Нет одобренного шаблона/],
    [{}, { status: 'PAUSED' }, /приостановлен/],
    [{}, { status: 'DISABLED' }, /отключён/],
  ])('with %j of %j fails with a reason', async (values, changes, words) => {
    approve(changes);
    await expect(send({ ...VALUES, ...values })).rejects.toMatchObject({ code: 'general', message: expect.stringMatching(words) });
    expect(whatsapp.sent(ana)).toEqual([]);
  });
});
