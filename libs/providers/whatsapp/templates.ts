import type {
  ListedTemplate,
  MessengerTemplate,
  OutMedia,
  OutTemplate,
  TemplateButton,
  TemplateExample,
  TemplateHeader,
  TemplateState,
} from '#chat/port';
import { isRefusal, makeError } from '#provider-kit';
import type { WhatsApp, WhatsAppMethod } from './whatsapp.api.js';
import { findApp, type WhatsAppContext } from './whatsapp.settings.js';
import { texts } from './whatsapp.texts.js';
import type { WireTemplate } from './whatsapp.wire.js';

/** Templates of a business account that are read. */
const MOST_TEMPLATES = 10_000;
const FIELDS = 'id,name,language,status,category,components,quality_score,rejected_reason,parameter_format';

/** Our data of a template: its id at Meta, and the names of its placeholders in order, if they have names. */
interface TemplateData {
  id?: string;
  header?: string[];
  body?: string[];
}

/** Meta's states. Others, and a template that is gone, are not listed. */
const STATUSES: ReadonlyMap<string, TemplateState['status']> = new Map([
  ...(['APPROVED', 'REINSTATED', 'FLAGGED'] as const).map((status) => [status, 'approved'] as const),
  ...(['PENDING', 'IN_APPEAL'] as const).map((status) => [status, 'pending'] as const),
  ['REJECTED', 'rejected'],
  ['PAUSED', 'paused'],
  ...(['DISABLED', 'LIMIT_EXCEEDED', 'LOCKED'] as const).map((status) => [status, 'disabled'] as const),
]);
const QUALITIES: ReadonlyMap<string, TemplateState['quality']> = new Map([
  ...([
    ['GREEN', 'high'],
    ['YELLOW', 'medium'],
    ['RED', 'low'],
    ['UNKNOWN', 'pending'],
  ] as const),
]);
const REASONS: ReadonlyMap<string, TemplateState['reason']> = new Map([
  ...([
    ['ABUSIVE_CONTENT', 'abusive_content'],
    ['INVALID_FORMAT', 'invalid_format'],
    ['SCAM', 'scam'],
  ] as const),
  ...(['INCORRECT_CATEGORY', 'TAG_CONTENT_MISMATCH', 'PROMOTIONAL', 'CATEGORY_NOT_AVAILABLE'] as const).map(
    (reason) => [reason, 'incorrect_category'] as const,
  ),
]);
const CATEGORIES = ['utility', 'marketing', 'authentication'] as const;
const BUTTONS = { QUICK_REPLY: 'plain', PHONE_NUMBER: 'phone', URL: 'url' } as const;

/** Lists the templates of the business account, which all of its numbers share. */
export const listTemplates: WhatsAppMethod<'listTemplates'> = async (api, _account, context) => {
  const found: ListedTemplate[] = [];
  for (let after: string | undefined; found.length < MOST_TEMPLATES;) {
    const { business = '' } = context.settings;
    const { data, paging } = await api.listTemplates(context, { business, query: { fields: FIELDS, limit: 100, ...(after && { after }) } });
    found.push(...data.flatMap((template) => toTemplate(template) ?? []));
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined || data.length === 0) break;
  }
  return found;
};

/** Creates a template. Meta may choose another category, and reviews it for up to a day. */
export const createTemplate: WhatsAppMethod<'createTemplate'> = async (api, _account, template, context) => {
  const { name, language, category = 'utility' } = template;
  const components = await writeComponents(api, template, context);
  const json = { name, language, category: category.toUpperCase(), components };
  const made = await api.createTemplate(context, { business: context.settings.business ?? '', json });
  const own = CATEGORIES.find((one) => one === made.category?.toLowerCase());
  return {
    status: STATUSES.get(made.status ?? '') ?? 'pending',
    ...(own && own !== category && { category: own }),
    data: JSON.stringify({ id: made.id } satisfies TemplateData),
  };
};

/** Replaces the content of a template, which is then reviewed again. */
export const updateTemplate: WhatsAppMethod<'updateTemplate'> = async (api, _account, template, context) => {
  const { id } = readData(template.data);
  if (id === undefined) throw makeError('rejected', texts.errors.noTemplate);
  await api.updateTemplate(context, { template: id, json: { components: await writeComponents(api, template, context) } });
  return { status: 'pending', data: JSON.stringify({ id } satisfies TemplateData) };
};

/** Deletes a template in one language. If Meta refuses, it is looked whether the template is gone. */
export const deleteTemplate: WhatsAppMethod<'deleteTemplate'> = async (api, account, { name, language, data }, context) => {
  const { id } = readData(data);
  const query = { name, ...(id !== undefined && { hsm_id: id }) };
  try {
    await api.deleteTemplate(context, { business: context.settings.business ?? '', query });
  } catch (error) {
    if (!isRefusal(error) || (await listTemplates(api, account, context)).some((one) => one.name === name && one.language === language))
      throw error;
  }
};

/** Writes a template with its values as the content of a message. `upload` returns the id of a file. */
export async function writeTemplate(
  { name, language, data, header, body, buttons }: OutTemplate,
  upload: (file: OutMedia) => Promise<string>,
): Promise<object> {
  const { header: headerNames, body: bodyNames } = readData(data);
  const toTexts = (values: readonly string[], names: string[] = []): object[] =>
    values.map((value, index) => ({
      type: 'text',
      text: squeeze(value),
      ...(names[index] !== undefined && { parameter_name: names[index] }),
    }));
  const components: object[] = [];
  if (header?.type === 'text' && header.values.length > 0)
    components.push({ type: 'header', parameters: toTexts(header.values, headerNames) });
  else if (header && header.type !== 'text') {
    const file = { id: await upload(header.file), ...(header.type === 'document' && { filename: header.file.name }) };
    components.push({ type: 'header', parameters: [{ type: header.type, [header.type]: file }] });
  }
  if (body.length > 0) components.push({ type: 'body', parameters: toTexts(body, bodyNames) });
  for (const [index, { type, values }] of buttons.entries())
    if (type === 'url' && values.length > 0)
      components.push({ type: 'button', sub_type: 'url', index: String(index), parameters: toTexts(values.slice(0, 1)) });
  return { type: 'template', template: { name, language: { code: language }, ...(components.length > 0 && { components }) } };
}

/** Meta rejects line breaks, tabs and more than four blanks in a row. */
function squeeze(value: string): string {
  return value.replaceAll(/\s*[\r\n\t]+\s*/g, ' ').replaceAll(/ {5,}/g, '    ');
}

/** Returns undefined for a template that is gone. */
function toTemplate(given: WireTemplate): ListedTemplate | undefined {
  const { id, name, language, components, rejected_reason: rejected = 'NONE', quality_score: quality } = given;
  const status = STATUSES.get(given.status);
  if (!status) return undefined;
  const category = CATEGORIES.find((one) => one === given.category?.toLowerCase());
  const find = (type: string) => components.find((one) => one.type === type);
  const [header, body] = [find('HEADER'), find('BODY')];
  const [headerNames, bodyNames] = [header?.text, body?.text].map((text) => listNames(text));
  const buttons = (find('BUTTONS')?.buttons ?? []).map(toButton);
  const shown = header && toHeader(header.format, header.text);
  const isUnusable = category === 'authentication' || buttons.includes(undefined) || (header && !shown);
  const reason = REASONS.get(rejected);
  return {
    ...{ name, language, ...(category && { category }), ...(shown && { header: shown }), body: toPositions(body?.text ?? '') },
    ...{ footer: find('FOOTER')?.text ?? '', buttons: buttons.filter((one) => one !== undefined) },
    state: {
      status,
      quality: given.status === 'FLAGGED' ? 'low' : (QUALITIES.get(quality ?? '') ?? 'pending'),
      ...(status === 'rejected' && { ...(reason && { reason }), ...(rejected !== 'NONE' && { note: rejected }) }),
      data: JSON.stringify({
        id,
        ...(headerNames && { header: headerNames }),
        ...(bodyNames && { body: bodyNames }),
      } satisfies TemplateData),
    },
    ...(isUnusable && { unusable: 'It has a header, a button or a category that the CRM cannot describe.' }),
  };
}

function toHeader(format = '', text = ''): TemplateHeader | undefined {
  if (format === 'TEXT') return { type: 'text', text: toPositions(text) };
  const type = (['image', 'video', 'document'] as const).find((one) => one === format.toLowerCase());
  return type && { type };
}

function toButton({
  type,
  text: label,
  url = '',
  phone_number: phone = '',
}: NonNullable<WireTemplate['components'][number]['buttons']>[number]): TemplateButton | undefined {
  const kind = Object.hasOwn(BUTTONS, type) ? BUTTONS[type as keyof typeof BUTTONS] : undefined;
  if (kind === 'plain') return { type: kind, label };
  if (kind === 'phone') return { type: kind, label, phone };
  return kind && { type: kind, label, url };
}

/** The names of named placeholders in order. Undefined if they have numbers, or there are none. */
function listNames(text = ''): string[] | undefined {
  const names = [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name);
  return names.length > 0 && names.some((name) => !/^\d+$/.test(name)) ? [...new Set(names)] : undefined;
}

/** Writes named placeholders as numbers in the order of their first appearance. */
function toPositions(text: string): string {
  const names = listNames(text);
  return names ? text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => `{{${names.indexOf(name) + 1}}}`) : text;
}

function readData(data = '{}'): TemplateData {
  return JSON.parse(data) as TemplateData;
}

/** Writes the components of a new content, with the examples that Meta's reviewers read. */
async function writeComponents(
  api: WhatsApp,
  { header, body, footer, buttons = [], example = {} }: MessengerTemplate & { example?: TemplateExample },
  context: WhatsAppContext,
): Promise<object[]> {
  const bodyText = hasValues(body) && { example: { body_text: [example.body ?? []] } };
  return [
    ...(header ? [await writeHeader(api, header, example, context)] : []),
    { type: 'BODY', text: body, ...bodyText },
    ...(footer ? [{ type: 'FOOTER', text: footer }] : []),
    ...(buttons.length > 0
      ? [{ type: 'BUTTONS', buttons: buttons.map((button, index) => writeButton(button, example.buttons?.[index])) }]
      : []),
  ];
}

async function writeHeader(
  api: WhatsApp,
  header: TemplateHeader,
  { header: values = [], file }: TemplateExample,
  context: WhatsAppContext,
): Promise<object> {
  if (header.type === 'text')
    return { type: 'HEADER', format: 'TEXT', text: header.text, ...(hasValues(header.text) && { example: { header_text: values } }) };
  if (!file) throw makeError('rejected', texts.noExample);
  const app = findApp(context.settings, api.operator).id ?? '';
  const { id } = await api.startUpload(context, { app, query: { file_length: file.size, file_type: file.type, file_name: file.name } });
  const { h: handle } = await api.sendUpload(context, id, await file.open(), file.size);
  return { type: 'HEADER', format: header.type.toUpperCase(), example: { header_handle: [handle] } };
}

function writeButton(button: TemplateButton, values: readonly string[] = []): object {
  const { label: text } = button;
  if (button.type === 'plain') return { type: 'QUICK_REPLY', text };
  if (button.type === 'phone') return { type: 'PHONE_NUMBER', text, phone_number: button.phone };
  const [value = ''] = values;
  const url = button.url.replace(/\{\{\s*1\s*\}\}/, value);
  return { type: 'URL', text, url: button.url, ...(hasValues(button.url) && { example: [url] }) };
}

function hasValues(text: string): boolean {
  return /\{\{\s*\w+\s*\}\}/.test(text);
}
