import { parseForm } from '#platform';
import type { JournalBody } from '../journal-entry.js';
import { beginMasking, type Masking, maskValue, parseDocument } from './mask-value.js';
import { maskXml } from './mask-xml.js';

/** Bytes that are kept of a body. */
export const KEPT_BYTES = 16 * 1024;
/** A longer body is not read: it would hold up the process. */
const READ_BYTES = 256 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** A body in the journal. */
export interface StoredBody {
  /** Content type, without parameters. */
  type: string;
  /** Bytes of what was sent; left out where it is not known. */
  size?: number;
  /**
   * The document with all masked that is not known to be harmless; XML as a text. Missing for what is no
   * JSON, form or XML: a PDF, a recording.
   */
  content?: unknown;
  /** True: there was more. */
  cut?: true;
}

/**
 * Returns a body as it is stored: a StoredBody as JSON in one line. Adds the phones in it to `phones`, as
 * they are written there. `value`: what `readBody` returned of it.
 */
export function maskBody(body: JournalBody | undefined, phones: Set<string>, value = readBody(body)): string | undefined {
  if (!body) return undefined;
  const { content } = body;
  const size = body.size ?? (content === undefined ? undefined : measure(content));
  const type = readType(body.type);
  const stored = JSON.stringify({ type, size }).slice(0, -1);
  if (content === undefined || size === 0) return `${stored}}`;
  if (size !== undefined && size > READ_BYTES) return `${stored},"cut":true}`;
  const masking = beginMasking(KEPT_BYTES, phones);
  const shown = isXml(type) ? maskXmlBody(type, content, masking) : value === undefined ? undefined : maskValue(value, masking);
  const masked = `${stored}${shown === undefined ? '' : `,"content":${shown}`}${masking.cut ? ',"cut":true' : ''}}`;
  // This also makes one text of its hundred pieces, which the collector would carry until they are written.
  if (masked.includes('\n')) throw new Error('a masked body is one line');
  return masked;
}

/**
 * Returns what a body of JSON or a form says, unmasked, with the documents in a form's fields read; undefined
 * for any other, and one that is not read.
 */
export function readBody(body: JournalBody | undefined): unknown {
  const content = body?.content;
  if (content === undefined || (body?.size ?? measure(content) ?? 0) > READ_BYTES) return undefined;
  const type = readType(body?.type);
  const text = readText(type, content);
  if (typeof text === 'string') return type === FORM ? readForm(text) : parseJson(text);
  return type === FORM && text !== undefined ? readFields(text) : text;
}

function maskXmlBody(type: string, content: NonNullable<JournalBody['content']>, masking: Masking): string | undefined {
  const text = readText(type, content);
  if (typeof text !== 'string') return maskValue(text, masking);
  const masked = maskXml(text, masking);
  return masked === undefined ? undefined : JSON.stringify(masked);
}

function isXml(type: string): boolean {
  return type.includes('xml');
}

/** Returns text as such, and what was parsed as it is; undefined for bytes of another kind. */
function readText(type: string, content: NonNullable<JournalBody['content']>): string | object | undefined {
  if (!(content instanceof Uint8Array)) return content;
  return isText(type) ? new TextDecoder().decode(content) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Once for all who look into them: a callback's form is one long document. */
function readFields(fields: object): object {
  const read = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields) as [string, unknown][])
    read[name] = typeof value === 'string' ? (parseDocument(value) ?? value) : value;
  return read;
}

/** Returns undefined for a form with too many fields. */
function readForm(text: string): object | undefined {
  try {
    return readFields(parseForm(text));
  } catch {
    return undefined;
  }
}

function measure(content: string | Uint8Array | object): number | undefined {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return content instanceof Uint8Array ? content.byteLength : undefined;
}

/** Content types are short and of known letters; what else stands there is no type. */
function readType(type = 'application/json'): string {
  const [, name = ''] = /^\s*([a-z]+\/[\w.+-]{1,60})/i.exec(type) ?? [];
  return name.toLowerCase() || 'unknown';
}

function isText(type: string): boolean {
  return /json|xml|^text\/|form-urlencoded/.test(type);
}
