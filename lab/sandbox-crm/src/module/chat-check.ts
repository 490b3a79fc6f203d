import { type Json, type JsonObject, asList, asObject, asObjects, asText, isObject } from '../json.js';
import type { ModuleReply } from './module-http.js';
import { type Judgement, judgeBody } from './reply-check.js';

/** ISO 8601 with the offset, which the reference calls DateTime. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:?\d{2}|Z)$/;
/** A language in the reference's notation, `en_US`. The country may be unknown. */
const LANGUAGE = /^[a-z]{2,3}(_[A-Z]{2})?$/;

type Shape = 'text' | 'integer' | 'moment' | { readonly [field: string]: Shape } | readonly [Shape];

/**
 * Reply shapes missing in the contract's types ("Get customer's online status in chat", "... chat visits").
 */
const ONLINE: Shape = { lastOnline: 'moment' };
const VISITS: Shape = {
  lastVisit: {
    source: 'text',
    createdAt: 'moment',
    endedAt: 'moment',
    duration: 'integer',
    pages: [{ dateTime: 'moment', url: 'text', title: 'text' }],
  },
  countVisits: 'integer',
  device: { lang: 'text', browser: 'text', os: 'text' },
  utm: { source: 'text', medium: 'text', campaign: 'text' },
  country: 'text',
  city: 'text',
};

/** Judges the reply of `online`. */
export function judgeOnline(reply: ModuleReply): Judgement {
  return judgeBody(reply, (body) => misshapen(body, ONLINE));
}

/** Judges the reply of `visits`: its shape, and whether a visit's times, duration and pages agree. */
export function judgeVisits(reply: ModuleReply): Judgement {
  return judgeBody(reply, (body) => {
    const violations = misshapen(body, VISITS);
    return violations.length > 0 ? violations : disagreements(body);
  });
}

function misshapen(value: Json | undefined, shape: Shape, path = ''): string[] {
  if (value === undefined) return [];
  if (shape === 'text')
    return asText(value) === undefined || typeof value !== 'string' ? [`${path}: must be a text that is not empty`] : [];
  if (shape === 'integer') return Number.isInteger(value) && Number(value) >= 0 ? [] : [`${path}: must be a whole number from 0`];
  if (shape === 'moment')
    return typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value))
      ? []
      : [`${path}: must be a date of ISO 8601 with its offset, not ${JSON.stringify(value)}`];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path}: must be a list`];
    return value.flatMap((item, index) => misshapen(item, shape[0], `${path}[${index}]`));
  }
  if (!isObject(value)) return [`${path}: must be an object`];
  return Object.entries(value).flatMap(([field, inner]) => {
    const known = shape[field];
    const at = path === '' ? field : `${path}.${field}`;
    return known === undefined ? [`${at}: is not a field of the contract`] : misshapen(inner, known, at);
  });
}

function disagreements(body: JsonObject): string[] {
  const violations: string[] = [];
  if (body['countVisits'] === undefined) violations.push('countVisits: is required');
  const lang = asText(asObject(body['device'])['lang']);
  if (lang !== undefined && !LANGUAGE.test(lang)) violations.push(`device.lang: must be written as en_US, not "${lang}"`);
  if (body['lastVisit'] === undefined) return violations;
  const visit = asObject(body['lastVisit']);
  if (body['countVisits'] === 0) violations.push('countVisits: is 0 although there is a last visit');
  const lacking = ['source', 'createdAt', 'endedAt', 'duration', 'pages'].filter((field) => visit[field] === undefined);
  if (lacking.length > 0) return [...violations, ...lacking.map((field) => `lastVisit.${field}: is required`)];
  const [created, ended] = [Date.parse(String(visit['createdAt'])), Date.parse(String(visit['endedAt']))];
  if (ended < created) violations.push('lastVisit.endedAt: is before createdAt');
  if (Math.abs((ended - created) / 1000 - Number(visit['duration'])) > 1)
    violations.push(`lastVisit.duration: must be the seconds from createdAt to endedAt, not ${String(visit['duration'])}`);
  if (asList(visit['pages']).length === 0) violations.push('lastVisit.pages: a visit has one page or more');
  let before = created;
  asObjects(visit['pages']).forEach((page, index) => {
    const at = Date.parse(String(page['dateTime']));
    const url = asText(page['url']) ?? '';
    if (!(at >= before && at <= ended)) violations.push(`lastVisit.pages[${index}].dateTime: must be within the visit, in order`);
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      violations.push(`lastVisit.pages[${index}].url: must be an http or https URL`);
    before = at;
  });
  return violations;
}

function isList(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape);
}
