import { parseForm } from '#platform';
import type { JournalBody } from '../journal-entry.js';
import { beginMasking, type Masking, maskValue, parseDocument } from './mask-value.js';
import { maskXml } from './mask-xml.js';

/** Maximum number of bytes stored of a body. */
export const KEPT_BYTES = 16 * 1024;
/** Maximum number of bytes of a body that is read. A longer one would block the process. */
const READ_BYTES = 256 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** A body in the journal. */
export interface StoredBody {
  /** Content type, without parameters. */
  type: string;
  /** Number of sent bytes. Missing if it is unknown. */
  size?: number;
  /**
   * The document, in which everything not known to be harmless is masked. XML is a text. Missing for other
   * types, such as a PDF or a recording.
   */
  content?: unknown;
  /** True if the body was longer. */
  cut?: true;
}

/**
 * Returns a body in its stored format: a StoredBody as JSON in one line. Adds the phones in it to `phones`,
 * unchanged. `value`: the result of `readBody`.
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
  // This also joins its hundred pieces into one text, which are costly for the garbage collector.
  if (masked.includes('\n')) throw new Error('a masked body is one line');
  return masked;
}

/**
 * Returns the unmasked value of a body of JSON or a form, including parsed documents in a form's fields.
 * Undefined for other types, and for a body that is too long.
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

/** Returns text unchanged, and parsed values unchanged. Undefined for bytes of other types. */
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

/** Parses a form's fields once for all readers, because a callback's form is one long document. */
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

/** Returns a content type. Real ones are short and have few characters. Anything else is replaced. */
function readType(type = 'application/json'): string {
  const [, name = ''] = /^\s*([a-z]+\/[\w.+-]{1,60})/i.exec(type) ?? [];
  return name.toLowerCase() || 'unknown';
}

function isText(type: string): boolean {
  return /json|xml|^text\/|form-urlencoded/.test(type);
}
