/** Reads the description that a service publishes of its API, for `check-spec.mjs`. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { load } from 'js-yaml';
import { SetupError } from './project.mjs';

/**
 * A part of a document, with the document that its references point into.
 * @typedef {{ is: any, of: Document }} Node
 * @typedef {{ content: any, file: string }} Document
 * @typedef {{ path: string, method: string, operation: Node }} Operation
 */

/** @type {Map<string, any>} */
const contents = new Map();

/**
 * @param {string} file
 * @returns {Document}
 */
export function readDocument(file) {
  let content = contents.get(file);
  if (content === undefined) {
    try {
      const text = readFileSync(file, 'utf8');
      content = /^\s*[[{]/.test(text) ? JSON.parse(text) : load(text);
    } catch (error) {
      throw new SetupError(`${file} cannot be read: ${error.message}`);
    }
    contents.set(file, content);
  }
  return { content, file };
}

/**
 * Follows a reference. Its siblings win.
 * @param {Node} node
 * @returns {Node}
 */
export function follow({ is, of }) {
  if (typeof is?.$ref !== 'string') return { is: is ?? {}, of };
  const { $ref, ...beside } = is;
  const [file = '', pointer = ''] = $ref.split('#');
  const target = file === '' ? of : readDocument(resolve(dirname(of.file), file));
  const steps = pointer.split('/').slice(1);
  const found = steps.reduce(
    (/** @type {any} */ at, /** @type {string} */ step) => at?.[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')],
    target.content,
  );
  const next = follow({ is: found, of: target });
  return { is: { ...next.is, ...beside }, of: next.of };
}

/**
 * A schema with its references followed and its alternatives joined: everything that is allowed there.
 * @param {Node} node
 * @returns {{ types: string[], properties: Record<string, Node>, required: string[], items?: Node, enum?: unknown[], said: any }}
 */
export function open(node, depth = 0) {
  const { is, of } = follow(node);
  const all = (is.allOf ?? []).map((/** @type {any} */ one) => open({ is: one, of }, depth + 1));
  const some = [...(is.oneOf ?? []), ...(is.anyOf ?? [])].map((/** @type {any} */ one) => open({ is: one, of }, depth + 1));
  const parts = depth > 12 ? [] : [...all, ...some];
  const own = Object.fromEntries(Object.entries(is.properties ?? {}).map(([name, field]) => [name, { is: field, of }]));
  // A choice may be written as an expression.
  const [, choices] = /^\^\(([\w|-]+)\)\$$/.exec(is.pattern ?? '') ?? [];
  const values = is.enum ?? (is.const === undefined ? choices?.split('|') : [is.const]);
  const theirs = parts.flatMap((part) => part.enum ?? []);
  return {
    types: [
      ...new Set([...[is.type ?? (is.properties ? 'object' : is.items ? 'array' : [])].flat(), ...parts.flatMap(({ types }) => types)]),
    ].filter((type) => type !== 'null'),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), own),
    // An alternative may do without.
    required: [...(is.required ?? []), ...all.flatMap((/** @type {any} */ part) => part.required)],
    items: is.items ? { is: is.items, of } : parts.find(({ items }) => items)?.items,
    enum: values ?? (theirs.length > 0 ? theirs : undefined),
    said: Object.assign({}, ...parts.map(({ said }) => said), is),
  };
}

/**
 * Lists the calls that a file describes. It may hold several descriptions.
 * @param {Document} document
 * @returns {Operation[]}
 */
export function listOperations(document) {
  /** @type {Operation[]} */
  const found = [];
  const visit = (/** @type {any} */ is, depth = 0) => {
    if (is === null || typeof is !== 'object' || depth > 3) return;
    if (is.methods && is.types) return visit(describeBotApi(is), depth);
    if (!is.paths) return Object.values(is).forEach((one) => visit(one, depth + 1));
    const own = { content: is, file: document.file };
    const bases = [
      '',
      ...(is.servers ?? []).map((/** @type {any} */ { url }) => `${url}`.replace(/^\w+:\/\/[^/]+/, '').replace(/\/$/, '')),
    ];
    for (const [path, item] of Object.entries(is.paths)) {
      const { is: operations, of } = follow({ is: item, of: own });
      for (const [method, operation] of Object.entries(operations))
        if (['get', 'post', 'put', 'patch', 'delete'].includes(method))
          for (const base of bases)
            found.push({
              path: toShape(base + path),
              method: method.toUpperCase(),
              operation: { is: { ...operation, parameters: [...(operations.parameters ?? []), ...(operation.parameters ?? [])] }, of },
            });
    }
  };
  visit(document.content);
  return found;
}

/** @param {string} path */
export const toShape = (path) => path.replace(/:\w+|\{[^}]+\}/g, '*').replace(/\/?(\?.*)?$/, '');

/**
 * Telegram's Bot API as OpenAPI.
 * @param {any} api methods and types by their names
 */
function describeBotApi({ methods, types }) {
  /**
   * @param {string} name
   * @returns {object}
   */
  const toType = (name) => {
    const plain = /** @type {Record<string, string>} */ ({ Integer: 'integer', Float: 'number', String: 'string', Boolean: 'boolean' });
    const [, item] = /^Array of (.+)$/.exec(name) ?? [];
    if (item) return { type: 'array', items: toType(item) };
    return plain[name] ? { type: plain[name] } : { $ref: `#/types/${name}` };
  };
  const toObject = (/** @type {any} */ { fields = [] }) => ({
    type: 'object',
    required: fields.filter((/** @type {any} */ one) => one.required).map((/** @type {any} */ one) => one.name),
    properties: Object.fromEntries(
      fields.map((/** @type {any} */ one) => [one.name, { anyOf: one.types.map(toType), description: one.description }]),
    ),
  });
  const toPath = (/** @type {any} */ method) => ({
    post: {
      description: method.description?.join(' '),
      requestBody: { content: { 'application/json': { schema: toObject(method) } } },
      responses: { 200: {} },
    },
  });
  return {
    paths: Object.fromEntries(Object.values(methods).map((method) => [`/${method.name}`, toPath(method)])),
    types: Object.fromEntries(Object.values(types).map((type) => [type.name, toObject(type)])),
  };
}

/**
 * Returns the schemas of a query parameter by name. An exploded `form` object becomes one parameter for each
 * property.
 * @param {Node} parameter
 */
export function toParameters({ is: { name, schema, description, style = 'form', explode = true }, of }) {
  const { is, of: from } = follow({ is: schema, of });
  const { properties } = open({ is, of: from });
  if (style !== 'form' || !explode || Object.keys(properties).length === 0) return { [name]: { ...is, description } };
  return Object.fromEntries(Object.entries(properties).map(([own, field]) => [own, follow(field).is]));
}
