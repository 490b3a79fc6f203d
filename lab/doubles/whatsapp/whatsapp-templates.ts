import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { WhatsAppBusiness, WhatsAppComponent, WhatsAppTemplate } from './whatsapp-records.js';

/** A template in a message. */
export interface SentTemplate {
  name: string;
  language: { code: string };
  components?: { type: string; sub_type?: string; index?: string; parameters: { type: string; parameter_name?: string }[] }[];
}

const graph = (code: number, message: string): Refusal => new Refusal(400, String(code), message);
const countValues = (text = ''): number => new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name)).size;
const find = ({ components }: Pick<WhatsAppTemplate, 'components'>, type: string): WhatsAppComponent | undefined =>
  components.find((one) => one.type === type);

/** Adds a template that Meta still reviews. Throws Refusal. */
export function addTemplate(
  business: WhatsAppBusiness,
  given: Pick<WhatsAppTemplate, 'name' | 'language' | 'category' | 'components'>,
): WhatsAppTemplate {
  if (business.templates.some(({ name, language }) => name === given.name && language === given.language))
    throw graph(100, 'Content in this language already exists');
  checkTemplate(given);
  const id = String(1_627_019_861_106_475 + business.templates.length);
  const template = {
    id,
    ...given,
    status: 'PENDING',
    rejected_reason: 'NONE',
    quality_score: { score: 'UNKNOWN' },
    parameter_format: 'POSITIONAL',
  };
  business.templates.push(template);
  return template;
}

/** Checks that a body exists, and that everything with placeholders has its examples. Throws Refusal. */
export function checkTemplate(given: Pick<WhatsAppTemplate, 'components'>): void {
  const body = find(given, 'BODY');
  if (!body) throw graph(100, 'Missing body component');
  const examples = (body.example as { body_text?: string[][] } | undefined)?.body_text?.[0]?.length ?? 0;
  if (examples !== countValues(body.text)) throw graph(100, 'The number of examples of the body differs from its variables');
  const header = find(given, 'HEADER');
  if (header?.format === 'TEXT' && countValues(header.text) > 0 !== (header.example !== undefined))
    throw graph(100, 'Missing header example');
  for (const button of find(given, 'BUTTONS')?.buttons ?? [])
    if (countValues(button.url) > 0 !== (button.example !== undefined)) throw graph(100, 'Missing example of a button');
}

/** Checks a template in a message: approved, with all values in their places. Throws Refusal. */
export function checkSent(business: WhatsAppBusiness, sent: SentTemplate): WhatsAppTemplate {
  const found = business.templates.find(({ name, language }) => name === sent.name && language === sent.language.code);
  if (!found || ['PENDING', 'REJECTED'].includes(found.status)) throw graph(132_001, 'Template name does not exist in the translation');
  if (found.status === 'PAUSED') throw graph(132_015, 'Template is paused');
  if (found.status === 'DISABLED') throw graph(132_016, 'Template is disabled');
  const has = (type: string, index?: number): number =>
    sent.components?.find((one) => one.type === type && (index === undefined || one.index === String(index)))?.parameters.length ?? 0;
  const header = find(found, 'HEADER');
  const wanted = header && header.format !== 'TEXT' ? 1 : countValues(header?.text);
  const wrong = has('header') !== wanted || has('body') !== countValues(find(found, 'BODY')?.text);
  const buttons = find(found, 'BUTTONS')?.buttons ?? [];
  if (wrong || buttons.some(({ url }, index) => has('button', index) !== Math.min(1, countValues(url))))
    throw graph(132_000, 'Number of parameters does not match the expected number of params');
  const named = found.parameter_format === 'NAMED';
  if (
    sent.components?.some(
      ({ type, parameters }) => type === 'body' && parameters.some((one) => (one.parameter_name !== undefined) !== named),
    )
  )
    throw graph(132_018, 'Parameter names do not fit the template');
  return found;
}
