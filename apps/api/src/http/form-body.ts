import type { FastifyRequest } from 'fastify';

/** Fields of a form: a text by name, a list where a name comes twice. It has no prototype. */
export type FormFields = Record<string, string | string[]>;

/** Creates a form without fields. */
export function createFields(): FormFields {
  return Object.create(null) as FormFields;
}

/** Adds a value to those of its name. */
export function addField(fields: FormFields, name: string, value: string): void {
  const before = fields[name];
  fields[name] = before === undefined ? value : [before, value].flat();
}

/**
 * Parses `application/x-www-form-urlencoded`, for `useBodyParser`. Node's own parser takes a quarter of the
 * time of Nest's default on a callback's body, which is one long escaped JSON text.
 */
export function readForm(_request: FastifyRequest, body: Buffer, done: (error: null, fields: FormFields) => void): void {
  const fields = createFields();
  for (const [name, value] of new URLSearchParams(body.toString())) addField(fields, name, value);
  done(null, fields);
}
