import { listFields, type FieldType } from '../schema.js';
import type { TypeName } from '../generated/schema-data.js';

/** One value in three formats: of the caller, of the wire, and of the client's normalised replies. */
export interface Sample {
  readonly given: unknown;
  readonly wire: unknown;
  readonly exact: unknown;
}

/** The instant of all sample dates, and its formats in Europe/Moscow (UTC+3 all year). */
const INSTANT = new Date('2024-03-09T21:05:07Z');
const DAY = new Date('2024-03-09T21:00:00Z');
const MINUTE = new Date('2024-03-09T21:05:00Z');
const DATES: { readonly [format: string]: { readonly wire: string; readonly exact: Date | string } } = {
  'Y-m-d': { wire: '2024-03-10', exact: DAY },
  'Y-m-d H:i': { wire: '2024-03-10 00:05', exact: MINUTE },
  'Y-m-d H:i:s': { wire: '2024-03-10 00:05:07', exact: INSTANT },
  'Y-m-d H:i:sP': { wire: '2024-03-10 00:05:07+03:00', exact: INSTANT },
  'Y-m-d\\TH:i:sP': { wire: '2024-03-10T00:05:07+03:00', exact: INSTANT },
  'H:i': { wire: '00:05', exact: '00:05' },
  'H:i:s': { wire: '00:05:07', exact: '00:05:07' },
};

/** The zone the samples are made for. */
export const SAMPLE_ZONE = 'Europe/Moscow';

/** A value for every field of a type, nested three deep. */
export function sampleOfType(name: TypeName, depth = 0): Sample {
  const parts: [string, Sample][] = [];
  for (const [field, type] of listFields(name)) {
    const sample = makeSample(type, depth);
    if (sample) parts.push([field, sample]);
  }
  const pick = (way: keyof Sample): unknown => Object.fromEntries(parts.map(([field, sample]) => [field, sample[way]]));
  return { given: pick('given'), wire: pick('wire'), exact: pick('exact') };
}

function makeSample(type: FieldType, depth: number): Sample | undefined {
  const same = (value: unknown): Sample => ({ given: value, wire: value, exact: value });
  switch (type.kind) {
    case 'string':
      return same('текст & [a]=b+c%');
    case 'int':
      return same(7);
    case 'float':
    case 'numeric':
      return same(10.25);
    case 'bool':
      return same(true);
    case 'any':
      return same({ code: 'один' });
    case 'stream':
      return undefined;
    case 'datetime': {
      const date = DATES[type.format];
      if (!date) throw new Error(`No sample for the format ${type.format}`);
      return { given: INSTANT, ...date };
    }
    case 'list': {
      const item = makeSample(type.of, depth);
      return item && { given: [item.given], wire: [item.wire], exact: [item.exact] };
    }
    case 'map': {
      const item = makeSample(type.of, depth);
      return item && { given: { a: item.given }, wire: { a: item.wire }, exact: { a: item.exact } };
    }
    case 'type':
      return depth < 3 ? sampleOfType(type.name, depth + 1) : undefined;
  }
}

/** Returns the form decoder's version of a wire value: texts, booleans as 1 and 0. */
export function asForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asForm);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asForm(inner)]));
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
