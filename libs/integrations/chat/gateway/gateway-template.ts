import {
  FILE_HEADERS,
  type FileHeader,
  type MessengerTemplate,
  TEMPLATE_CATEGORIES,
  type TemplateCategory,
  type TemplateName,
  type TemplateState,
} from '../port/index.js';
import type { TemplateContentDto, TemplateUseDto } from './gateway-template.dto.js';
import type { GatewayTemplate } from './gateway.types.js';

/**
 * Content of a template as stored. `files`: ids at the gateway of the sample files of its header.
 * `unusable`: see `ListedTemplate`.
 */
export interface StoredTemplate extends MessengerTemplate {
  unusable?: string;
  example?: { header?: string[]; body?: string[]; buttons?: string[][]; files?: string[] };
}

/** A template in a message as stored. `file`: id of the header's file at the gateway. */
export interface FilledTemplate extends TemplateName {
  category?: TemplateCategory;
  data?: string;
  header?: { type: 'text'; values: string[] } | { type: FileHeader; file: string };
  body: string[];
  buttons: { type: 'plain' | 'phone' | 'url'; values: string[] }[];
}

/** Builds our code of a template, which is all that the gateway names later. */
export function toTemplateCode({ name, language }: TemplateName): string {
  return `${language}#${name}`;
}

/** Maps the content of a webhook. */
export function toStoredTemplate({ name, lang, category, header, body, footer, buttons, example }: TemplateContentDto): StoredTemplate {
  const { type, body: text } = header?.content ?? {};
  const file = FILE_HEADERS.find((one) => one === type);
  return {
    ...{ name, language: lang, body },
    ...(isCategory(category) && { category }),
    ...(file ? { header: { type: file } } : type === 'text' && text && { header: { type: 'text' as const, text } }),
    ...(footer && { footer }),
    ...(buttons && {
      buttons: buttons.items.map(({ type: kind, label, phone = '', url = '' }) =>
        kind === 'phone' ? { type: kind, label, phone } : kind === 'url' ? { type: kind, label, url } : { type: 'plain' as const, label },
      ),
    }),
    ...(example && {
      example: {
        ...(example.header && { header: example.header }),
        ...(example.body && { body: example.body }),
        ...(example.buttons && { buttons: example.buttons }),
        ...(example.attachments && { files: example.attachments.map(({ id }) => id) }),
      },
    }),
  };
}

/** Maps a template with its state to the gateway's format. Examples are optional there, and left out. */
export function toGatewayTemplate(template: MessengerTemplate, state: TemplateState): GatewayTemplate {
  const { name, language, header, body, footer, buttons = [] } = template;
  const category = state.category ?? template.category;
  return {
    ...{ code: toTemplateCode(template), type: header && header.type !== 'text' ? 'media' : 'text', name, body, lang: language },
    ...(header && { header: { content: { type: header.type, ...(header.type === 'text' && { body: header.text }) } } }),
    ...(footer && { footer }),
    ...(buttons.length > 0 && { buttons: { items: buttons } }),
    ...(category && { category }),
    verification_status: state.status,
    ...(state.quality && { quality: state.quality }),
    ...(state.status === 'rejected' && state.reason && { rejection_reason: state.reason }),
  };
}

/** Values that a template needs and a message does not have, or the other way round. */
export interface MissingValues {
  wanted: number;
  given: number;
}

/** Fills a template with the values of a message. Returns the numbers of values if they differ. */
export function fillTemplate(
  { name, language, category, header, body, buttons = [] }: MessengerTemplate,
  { data }: TemplateState,
  { variables }: TemplateUseDto,
): FilledTemplate | MissingValues {
  const values = {
    header: variables?.header?.args ?? [],
    body: variables?.body?.args ?? [],
    buttons: buttons.map((_, index) => variables?.buttons?.[index]?.args ?? []),
  };
  const file = variables?.header?.attachments?.[0]?.id;
  const wanted = [
    header === undefined ? 0 : header.type === 'text' ? countPlaceholders(header.text) : 1,
    countPlaceholders(body),
    ...buttons.map((button) => (button.type === 'url' ? countPlaceholders(button.url) : 0)),
  ];
  const isFile = header !== undefined && header.type !== 'text';
  const given = [
    isFile ? (file === undefined ? 0 : 1) : values.header.length,
    values.body.length,
    ...values.buttons.map(({ length }) => length),
  ];
  if (wanted.some((count, index) => count !== given[index])) return { wanted: sum(wanted), given: sum(given) };
  return {
    ...{ name, language, ...(category && { category }), ...(data !== undefined && { data }) },
    ...(header?.type === 'text' && { header: { type: header.type, values: values.header } }),
    ...(isFile && file !== undefined && { header: { type: header.type, file } }),
    body: values.body,
    buttons: buttons.map(({ type }, index) => ({ type, values: values.buttons[index] ?? [] })),
  };
}

/** Returns the highest number of `{{1}}`, `{{2}}` in a text. */
function countPlaceholders(text: string): number {
  return Math.max(0, ...[...text.matchAll(/\{\{(\d{1,3})\}\}/g)].map(([, number]) => Number(number)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function isCategory(category: string | undefined): category is TemplateCategory {
  return TEMPLATE_CATEGORIES.some((one) => one === category);
}
