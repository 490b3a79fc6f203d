import { formatDate, hasOffset } from './dates.js';
import { fieldsOf, type FieldType } from './schema.js';
import type { TypeName } from './generated/schema-data.js';

/** A value that cannot be written; the message names its field and says what to do. */
export class EncodingError extends Error {}

const ANY: FieldType = { kind: 'any', json: false };

/** Form or query text of one request, in the API's notation: `filter[ids][]=1&by=id`. */
export class Encoder {
  /** `zone`: the account's time zone, for `Date` values in formats without an offset. */
  constructor(private readonly zone: string | undefined) {}

  /** A request as a query or a form body. Undefined and null are left out, booleans are 1 and 0, `|json` fields are JSON documents. */
  form(type: TypeName | null, request: object): string {
    const fields = type ? fieldsOf(type) : undefined;
    const pairs: string[] = [];
    for (const [name, value] of Object.entries(request)) {
      const field = fields?.get(name) ?? ANY;
      if (value === undefined || value === null) continue;
      if (field.json) pairs.push(`${escape(name)}=${escape(JSON.stringify(this.#json(value, field, name)))}`);
      else this.#nested(pairs, escape(name), value, field, name);
    }
    return pairs.join('&');
  }

  #nested(pairs: string[], key: string, value: unknown, field: FieldType, path: string): void {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) {
      const item = field.kind === 'list' ? field.of : field;
      value.forEach((entry: unknown, index) => {
        const inner = isPlain(entry) ? `${key}%5B${index}%5D` : `${key}%5B%5D`;
        this.#nested(pairs, inner, entry, item, `${path}[${index}]`);
      });
    } else if (isPlain(value)) {
      const fields = field.kind === 'type' ? fieldsOf(field.name) : undefined;
      for (const [name, entry] of Object.entries(value)) {
        const inner = field.kind === 'map' ? field.of : (fields?.get(name) ?? ANY);
        this.#nested(pairs, `${key}%5B${escape(name)}%5D`, entry, inner, `${path}.${name}`);
      }
    } else {
      const scalar = this.#scalar(value, field, path);
      pairs.push(`${key}=${typeof scalar === 'boolean' ? (scalar ? '1' : '0') : escape(String(scalar))}`);
    }
  }

  /** The value with every `Date` in its field's format; the value itself when it holds none. */
  #json(value: unknown, field: FieldType, path: string): unknown {
    if (value === null || value === undefined) return value;
    if (Array.isArray(value)) {
      const item = field.kind === 'list' ? field.of : field.kind === 'map' ? field.of : ANY;
      let copy: unknown[] | undefined;
      for (let index = 0; index < value.length; index++) {
        const entry: unknown = value[index];
        const encoded = this.#json(entry, item, `${path}[${index}]`);
        if (encoded !== entry) (copy ??= [...(value as unknown[])])[index] = encoded;
      }
      return copy ?? value;
    }
    if (isPlain(value)) {
      const fields = field.kind === 'type' ? fieldsOf(field.name) : undefined;
      let copy: { [name: string]: unknown } | undefined;
      for (const name of Object.keys(value)) {
        const entry = value[name];
        if (typeof entry === 'string' || typeof entry === 'boolean') continue;
        const inner = field.kind === 'map' ? field.of : (fields?.get(name) ?? ANY);
        const encoded = this.#json(entry, inner, `${path}.${name}`);
        if (encoded !== entry) (copy ??= { ...value })[name] = encoded;
      }
      return copy ?? value;
    }
    return this.#scalar(value, field, path);
  }

  #scalar(value: unknown, field: FieldType, path: string): string | number | boolean {
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw new EncodingError(`${path} is ${value}: give a finite number`);
      return value;
    }
    if (value instanceof Date) {
      if (field.kind !== 'datetime') throw new EncodingError(`${path} has no date format in the contract: give a string, see formatDate`);
      if (this.zone === undefined && !hasOffset(field.format)) {
        throw new EncodingError(
          `${path} is a Date and is sent in the account's time zone: give the client timeZone, or call loadTimeZone() first`,
        );
      }
      if (Number.isNaN(value.getTime())) throw new EncodingError(`${path} is an invalid Date`);
      return formatDate(value, field.format, this.zone ?? 'utc');
    }
    throw new EncodingError(`${path} is of a type that cannot be sent: ${typeof value}`);
  }
}

function isPlain(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Percent-encodes; half of a surrogate pair becomes the replacement character, as in a URL. */
export function escape(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}
