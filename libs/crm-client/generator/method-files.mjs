/** Writes the methods of the API: their table, and the classes by group. */
import { allFields, FILE_RESPONSE, referenced, STREAM } from './contract.mjs';
import { doc, HEADER, literal, upper } from './source-text.mjs';

/**
 * Lists that the CRM keys by code or id (contract/README). Used only by the sandbox, because the client reads
 * both.
 */
const KEYED = {
  deliveryServices: 'code',
  deliveryTypes: 'code',
  orderMethods: 'code',
  orderTypes: 'code',
  paymentStatuses: 'code',
  paymentTypes: 'code',
  productStatuses: 'code',
  sites: 'code',
  statusGroups: 'code',
  statuses: 'code',
  units: 'code',
};

const LIMITS = { general: '10 requests a second', telephony: '40 requests a second' };

const camel = (name) => name[0].toLowerCase() + name.slice(1);

/** Describes a method as the client needs it. Throws if a reply has pages of more than one list. */
export function methodSpec(method, { types, names, notes }) {
  const note = notes[`${method.group}.${method.name}`];
  if (!note) throw new Error(`contract/notes.json has no entry for ${method.group}.${method.name}`);
  const request = method.request ? allFields(types, method.request) : {};
  const response = allFields(types, method.response);
  const raw = Object.values(request).some((type) => type === STREAM);
  const filter = request.filter ? allFields(types, referenced(request.filter)) : {};
  const lists = Object.entries(response)
    .filter(([, type]) => type.endsWith('[]'))
    .map(([field]) => field);
  let paging = null;
  if (response.pagination) {
    if (lists.length !== 1)
      throw new Error(`${method.group}.${method.name}: the reply must contain one list, but contains ${lists.join(', ') || 'none'}`);
    const by = response.pagination === 'Entity/CursorPagination' ? 'cursor' : 'page';
    paging = { by, list: lists[0], sinceId: Boolean(filter.sinceId) };
  }
  return {
    key: `${camel(method.group)}.${method.name}`,
    group: camel(method.group),
    name: method.name,
    verb: method.verb,
    path: method.path,
    params: [...method.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    request: method.request ? names.get(method.request) : null,
    response: names.get(method.response),
    body: method.verb === 'GET' ? 'query' : raw ? 'raw' : 'form',
    reply: method.response === FILE_RESPONSE ? 'file' : 'json',
    limit: method.group === 'Telephony' ? 'telephony' : 'general',
    batch: note.batch ? { field: note.batch.field, max: note.batch.max, stated: !note.batch.unstated } : null,
    paging,
    keyed: Object.keys(response).filter((field) => KEYED[field] && method.group === 'References'),
    scope: note.scope ?? null,
    scopeStated: Boolean(note.scope) && !note.scopeInferred,
    doc: note.doc,
    note: note.note ?? null,
  };
}

/** The table of methods. */
export function methodsFile(specs) {
  let file = HEADER;
  file += "\nimport type { MethodSpec } from '../method-spec.js';\nimport type { TypeName } from './schema-data.js';\n";
  file += `\n${doc('Every method of the API, in the order of the contract.')}export const METHODS = [\n`;
  for (const spec of specs) {
    const entries = Object.entries(spec).map(([name, value]) => `${name}: ${literal(value)}`);
    file += `  { ${entries.join(', ')} },\n`;
  }
  file += '] as const satisfies readonly MethodSpec<TypeName>[];\n';
  file += `\n${doc('`group.name` of a method, such as `orders.list`.')}`;
  file += 'export type MethodName = (typeof METHODS)[number]["key"];\n'.replaceAll('"', "'");
  return file;
}

function methodDoc(spec, method, extra) {
  const scope = spec.scope
    ? `Scope \`${spec.scope}\`${spec.scopeStated ? '' : ' (not in the reference, derived from similar methods)'}.`
    : 'The reference does not state a scope.';
  const lines = [
    spec.doc,
    ...(spec.note ? [spec.note] : []),
    '',
    `\`${spec.verb} ${method.path}\`. ${scope} ${upper(LIMITS[spec.limit])}${spec.batch ? `, at most ${spec.batch.max} \`${spec.batch.field}\`${spec.batch.stated ? '' : ' (not in the reference)'}` : ''}.`,
  ];
  return `  /**\n${[...lines, ...extra].map((line) => `   *${line ? ` ${line}` : ''}`).join('\n')}\n   */\n`;
}

/** The group classes: one method for each of the API, plus one for each paged or batch-limited method. */
export function groupsFile(specs, { types, methods, names }) {
  let file = `${HEADER}\nimport type { BatchOptions, BatchReport, CallOptions, Caller, CrmFile, PathPart, Reply, ReplyMode } from '../caller.js';\n`;
  file += "import type * as exact from './exact.js';\nimport { METHODS } from './methods.js';\nimport type * as wire from './types.js';\n";
  const groups = [...new Set(specs.map((spec) => spec.group))];
  for (const group of groups) {
    file += `\n${doc(`Methods of the group \`${group}\`.`)}export class ${upper(group)}Methods<Mode extends ReplyMode = 'wire'> {\n`;
    file += '  readonly #caller: Caller;\n\n  constructor(caller: Caller) {\n    this.#caller = caller;\n  }\n';
    specs.forEach((spec, index) => {
      if (spec.group !== group) return;
      const method = methods[index];
      const parts = spec.params.map((param) => `${param}: PathPart`);
      const given = `[${spec.params.join(', ')}]`;
      const requestType = spec.request ? `wire.${spec.request}` : null;
      const requestParam = requestType ? [`request: ${requestType}${spec.verb === 'GET' ? ' = {}' : ''}`] : [];
      const request = requestType ? 'request' : 'undefined';
      const reply = spec.reply === 'file' ? 'CrmFile' : `Reply<Mode, wire.${spec.response}, exact.${spec.response}>`;
      const call = spec.reply === 'file' ? 'file' : 'call';
      file += `\n${methodDoc(spec, method, [])}  ${spec.name}(${[...parts, ...requestParam, 'options?: CallOptions'].join(', ')}): Promise<${reply}> {\n`;
      file += `    return this.#caller.${call}(METHODS[${index}], ${given}, ${request}, options);\n  }\n`;
      if (spec.paging) {
        const item = names.get(referenced(allFields(types, method.response)[spec.paging.list]));
        const how =
          spec.name === 'history'
            ? 'by `filter.sinceId`'
            : spec.paging.by === 'cursor'
              ? 'by cursor'
              : spec.paging.sinceId
                ? 'page by page, or by `filter.sinceId` if it is set'
                : 'page by page';
        file += `\n${doc(`Yields every item of \`${spec.name}\`. Reads ${how}, 100 items at a time unless \`limit\` is set.`, '  ')}`;
        file += `  ${spec.name}All(${[...parts, ...requestParam, 'options?: CallOptions'].join(', ')}): AsyncGenerator<Reply<Mode, wire.${item}, exact.${item}>, void> {\n`;
        file += `    return this.#caller.all(METHODS[${index}], ${given}, request, options);\n  }\n`;
      }
      if (spec.batch) {
        file += `\n${doc(`\`${spec.name}\` for any number of \`${spec.batch.field}\`, ${spec.batch.max} in each call. Yields one report for each call, with its error if it failed. The next batch is sent when the loop continues.`, '  ')}`;
        file += `  ${spec.name}InBatches(${[...parts, ...requestParam, 'options?: BatchOptions'].join(', ')}): AsyncGenerator<BatchReport<${reply}>, void> {\n`;
        file += `    return this.#caller.batches(METHODS[${index}], ${given}, request, options);\n  }\n`;
      }
    });
    file += '}\n';
  }
  file += `\n${doc('All groups of the API.')}export class CrmApi<Mode extends ReplyMode = 'wire'> {\n`;
  file +=
    '  readonly #caller: Caller;\n  /** The groups that were used, because a client usually calls one or two of them. */\n  readonly #used: {\n';
  for (const group of groups) file += `    ${group}?: ${upper(group)}Methods<Mode>;\n`;
  file += '  } = {};\n\n  constructor(caller: Caller) {\n    this.#caller = caller;\n  }\n';
  for (const group of groups)
    file += `\n  get ${group}(): ${upper(group)}Methods<Mode> {\n    return (this.#used.${group} ??= new ${upper(group)}Methods(this.#caller));\n  }\n`;
  return `${file}}\n`;
}
