import type { JournalBody } from '../journal-entry.js';
import { beginMasking, maskValue } from './mask-value.js';
import { maskXml } from './mask-xml.js';

/** Bytes that are kept of a body. */
export const KEPT_BYTES = 16 * 1024;
/** A longer body is not read: it would hold up the process. */
const READ_BYTES = 256 * 1024;

/** A body in the journal. */
export interface StoredBody {
  /** Content type, without parameters. */
  type: string;
  /** Bytes of what was sent; left out where it is not known. */
  size?: number;
  /** Masked; missing for what is no JSON, form or XML: a PDF, a recording. */
  content?: unknown;
  /** True: there was more. */
  cut?: true;
}

/** Returns a body as it is stored; adds the phones in it to `phones`, as they are written there. */
export function maskBody(body: JournalBody | undefined, phones: Set<string>): StoredBody | undefined {
  if (!body) return undefined;
  const { content } = body;
  const size = body.size ?? (content === undefined ? undefined : measure(content));
  const type = readType(body.type);
  const stored: StoredBody = { type, ...(size !== undefined && { size }) };
  if (content === undefined || size === 0) return stored;
  if (size !== undefined && size > READ_BYTES) return { ...stored, cut: true };
  const masking = beginMasking(KEPT_BYTES, phones);
  const shown = maskContent(type, content, masking);
  return { ...stored, ...(shown !== undefined && { content: shown }), ...(masking.cut && { cut: true as const }) };
}

function maskContent(type: string, content: string | Uint8Array | object, masking: ReturnType<typeof beginMasking>): unknown {
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) return maskValue(content, masking);
  const text = typeof content === 'string' ? content : isText(type) ? new TextDecoder().decode(content) : undefined;
  if (text === undefined) return undefined;
  if (type === 'application/x-www-form-urlencoded') return maskValue(readForm(text), masking);
  if (/xml/.test(type)) return maskXml(text, masking);
  try {
    return maskValue(JSON.parse(text), masking);
  } catch {
    return undefined;
  }
}

function readForm(text: string): object {
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
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
