import { formatDate, hasOffset } from './dates.js';
import { listFields, type FieldType } from './schema.js';
import type { TypeName } from './generated/schema-data.js';

/** A value that cannot be encoded. The message contains its field and the fix. */
export class EncodingError extends Error {}

const ANY: FieldType = { kind: 'any', json: false };

/**
 * Encodes a request as a query or form body: `filter[ids][]=1&by=id`. Skips undefined and null. Booleans are
 * 1 and 0.
 * @param zone the account's time zone, for `Date` values in formats without an offset
 * @throws EncodingError
 */
export function encodeForm(type: TypeName | null, request: object, zone: string | undefined): string {
  const fields = type ? listFields(type) : undefined;
  const encoder = new Encoder(zone);
  for (const name of Object.keys(request)) {
    const value = (request as { readonly [name: string]: unknown })[name];
    if (value !== undefined && value !== null) encoder.field(name, value, fields?.get(name) ?? ANY);
  }
  return encoder.text;
}

class Encoder {
  text = '';
  /** The encoder's position in the request, for error messages. */
  readonly #at: (string | number)[] = [];

  constructor(private readonly zone: string | undefined) {}

  field(name: string, value: unknown, type: FieldType): void {
    this.#at.push(name);
    if (type.json) this.#pair(escape(name), JSON.stringify(this.#json(value, type)));
    else this.#nested(escape(name), value, type);
    this.#at.pop();
  }

  #pair(key: string, value: string): void {
    this.text += `${this.text ? '&' : ''}${key}=${escape(value)}`;
  }

  #nested(key: string, value: unknown, field: FieldType): void {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) {
      const item = field.kind === 'list' ? field.of : field;
      for (let index = 0; index < value.length; index++) {
        const entry: unknown = value[index];
        this.#at.push(index);
        this.#nested(isPlain(entry) ? `${key}%5B${index}%5D` : `${key}%5B%5D`, entry, item);
        this.#at.pop();
      }
    } else if (isPlain(value) && typeof value['toJSON'] !== 'function') {
      const fields = field.kind === 'type' ? listFields(field.name) : undefined;
      for (const name of Object.keys(value)) {
        this.#at.push(name);
        this.#nested(`${key}%5B${escape(name)}%5D`, value[name], field.kind === 'map' ? field.of : (fields?.get(name) ?? ANY));
        this.#at.pop();
      }
    } else {
      const scalar = this.#scalar(value, field);
      this.#pair(key, typeof scalar === 'boolean' ? (scalar ? '1' : '0') : String(scalar));
    }
  }

  /** Returns the value with every `Date` in its field's format, or the value itself if it contains none. */
  #json(value: unknown, field: FieldType): unknown {
    if (Array.isArray(value)) {
      const item = field.kind === 'list' || field.kind === 'map' ? field.of : ANY;
      let copy: unknown[] | undefined;
      for (let index = 0; index < value.length; index++) {
        const entry: unknown = value[index];
        const encoded = this.#inner(index, entry, item);
        if (encoded !== entry) (copy ??= [...(value as unknown[])])[index] = encoded;
      }
      return copy ?? value;
    }
    if (isPlain(value)) {
      // For example another library's date, whose own JSON format may differ from the contract's.
      if (typeof value['toJSON'] === 'function') this.#fail('is an object with its own JSON format. Pass a string, a number or a Date');
      const fields = field.kind === 'type' ? listFields(field.name) : undefined;
      let copy: { [name: string]: unknown } | undefined;
      for (const name of Object.keys(value)) {
        const entry = value[name];
        // Most are texts, which are sent unchanged.
        if (typeof entry === 'string') continue;
        const encoded = this.#inner(name, entry, field.kind === 'map' ? field.of : (fields?.get(name) ?? ANY));
        if (encoded !== entry) (copy ??= { ...value })[name] = encoded;
      }
      return copy ?? value;
    }
    return value === null || value === undefined ? value : this.#scalar(value, field);
  }

  #inner(at: string | number, value: unknown, field: FieldType): unknown {
    this.#at.push(at);
    const encoded = this.#json(value, field);
    this.#at.pop();
    return encoded;
  }

  #scalar(value: unknown, field: FieldType): string | number | boolean {
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : this.#fail(`is ${value}. Pass a finite number`);
    if (value instanceof Date) {
      if (field.kind !== 'datetime') this.#fail('has no date format in the contract. Pass a string (see formatDate)');
      if (this.zone === undefined && !hasOffset(field.format)) {
        this.#fail("is a Date in the account's time zone. Pass timeZone to the client, or call loadTimeZone() first");
      }
      if (Number.isNaN(value.getTime())) this.#fail('is an invalid Date');
      return formatDate(value, field.format, this.zone ?? 'utc');
    }
    return this.#fail(`is of a type that cannot be sent: ${typeof value}`);
  }

  #fail(what: string): never {
    const path = this.#at.map((step, depth) => (typeof step === 'number' ? `[${step}]` : depth ? `.${step}` : step)).join('');
    throw new EncodingError(`${path} ${what}`);
  }
}

function isPlain(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Percent-encodes a text. Half of a surrogate pair becomes the replacement character, as in a URL. */
export function escape(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}
