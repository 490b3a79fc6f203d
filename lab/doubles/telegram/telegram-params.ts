import type { BusboyHeaders } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { listWrong } from '../../../libs/testing/double/wire.js';
import { type FormFile, readForm } from '../multipart.js';
import { badRequest } from './telegram-objects.js';
import { TELEGRAM_PARAMETERS, type TelegramMethod } from './telegram-wire.js';

/** A file of a form. */
export type TelegramUpload = FormFile;

/** The content of a call: parameters by name, and files, which they refer to as `attach://part`. */
export interface TelegramParams {
  values: Readonly<Record<string, unknown>>;
  uploads: readonly TelegramUpload[];
}

/** Errors about missing parameters, in Telegram's own words. */
const MISSING: Readonly<Record<string, string>> = {
  chat_id: 'chat_id is empty',
  text: 'message text is empty',
  message_id: 'message identifier is not specified',
  media: 'parameter "media" is required',
};

/** Reads a query, JSON, a urlencoded or a multipart form. Throws Refusal. */
export async function readParams(call: TelegramMethod, request: FastifyRequest): Promise<TelegramParams> {
  const uploads: TelegramUpload[] = [];
  const values: Record<string, unknown> = {};
  const take = (fields: Iterable<readonly [string, string]>): void => {
    for (const [name, text] of fields) values[name] = readText(call, name, text);
  };
  take(new URL(request.url, 'http://double').searchParams);
  const body = request.body as Buffer | undefined;
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (body === undefined || body.length === 0) return { values, uploads };
  if (type === 'application/json') Object.assign(values, readJson(body));
  else if (type === 'application/x-www-form-urlencoded') take(new URLSearchParams(body.toString('utf8')));
  else if (type === 'multipart/form-data') {
    const form = await readForm(body, request.headers as BusboyHeaders).catch(() => {
      throw badRequest("can't parse the multipart form");
    });
    take(form.fields);
    uploads.push(...form.uploads);
    // A file in the place of a parameter is that parameter.
    for (const { part } of uploads) if (typeOf(call, part)) values[part] = `attach://${part}`;
  } else throw badRequest(`there is no way to read the content type "${type}"`);
  return { values, uploads };
}

/** Throws Refusal unless the parameters are right for the method. */
export function checkParams(call: TelegramMethod, values: object): void {
  const [wrong] = listWrong(TELEGRAM_PARAMETERS[call], values);
  if (!wrong) return;
  const name = wrong.path.replace(/^\$\.?/, '').replace(/\[(\d+)\]/g, '.$1');
  if (wrong.keyword === 'additionalProperties') throw badRequest(`there is no parameter "${name}"`);
  if (wrong.keyword === 'required') throw badRequest(MISSING[name] ?? `parameter "${name}" is required`);
  if (name === 'secret_token') throw badRequest('secret token contains unallowed characters');
  throw badRequest(`parameter "${name}" ${wrong.message}`);
}

function readJson(body: Buffer): object {
  try {
    const json = JSON.parse(body.toString('utf8')) as unknown;
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch {
    // Told below.
  }
  throw badRequest("can't parse JSON object");
}

/** Undefined: the method does not have that parameter. */
function typeOf(call: TelegramMethod, name: string): string | string[] | undefined {
  return (TELEGRAM_PARAMETERS[call]['properties'] as Record<string, { type: string | string[] }>)[name]?.type;
}

/** In forms all but text is JSON. */
function readText(call: TelegramMethod, name: string, text: string): unknown {
  if ([typeOf(call, name) ?? 'string'].flat().includes('string')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest(`can't parse the parameter "${name}"`);
  }
}
