/** The pages of the API reference: one for each tag of the OpenAPI documents. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { root } from '../project.mjs';
import { toAnchor } from './links.mjs';
import { writePage } from './stage.mjs';

/** Fields inside fields are listed down to this depth. */
const DEPTH = 3;
/** The two documents: name of the file, and the folder of the pages. */
const DOCUMENTS = ['api', 'callbacks'];

/** @typedef {typeof import('../../apps/web/src/docs/open-api.ts')} OpenApi */
/** @typedef {import('../../apps/web/src/docs/open-api.ts').ApiDocument} ApiDocument */
/** @typedef {import('../../apps/web/src/docs/open-api.ts').Endpoint} Endpoint */
/** @typedef {import('../../apps/web/src/docs/open-api.ts').Schema} Schema */
/** @typedef {import('../../apps/web/src/docs/open-api.ts').Reference} Reference */

/**
 * Writes the pages.
 * @returns {Promise<Record<string, string[]>>} the tags of each document
 */
export async function writeApiPages() {
  // The page of the api reads the documents with the same code.
  const { code } = transformSync(readFileSync(join(root, 'apps/web/src/docs/open-api.ts'), 'utf8'), { loader: 'ts' });
  /** @type {OpenApi} */
  const reader = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return Object.fromEntries(DOCUMENTS.map((name) => [name, new ApiPages(name, reader).write()]));
}

/**
 * Escapes a text, except for code in backticks.
 * @param {string} [text]
 */
const prose = (text = '') =>
  text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? `\`${part}\`` : part.replace(/[*_[\]]/g, '\\$&').replace(/[<>{}|]/g, (sign) => `&#${sign.charCodeAt(0)};`),
    )
    .join('')
    .replace(/\s+/g, ' ');

/** Code in a table. @param {string} text */
const code = (text) => `<code v-pre>${text.replace(/[&<>|]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;

/** Writes the pages of a document. */
class ApiPages {
  /**
   * @param {string} name
   * @param {OpenApi} reader
   */
  constructor(name, reader) {
    this.name = name;
    this.reader = reader;
    /** @type {ApiDocument} */
    this.document = JSON.parse(readFileSync(join(root, `docs/openapi/${name}.json`), 'utf8'));
  }

  /** @returns {string[]} the tags */
  write() {
    const { name, document, reader } = this;
    const groups = reader.groupEndpoints(document, '');
    const list = [...groups].map(
      ([tag, endpoints]) =>
        `## [${tag}](./${toAnchor(tag)})\n\n${endpoints.map((one) => `- [${prose(one.summary)}](./${toAnchor(tag)}#${one.operationId.toLowerCase()}) ${code(`${one.method.toUpperCase()} ${one.path}`)}`).join('\n')}`,
    );
    writePage(`reference/${name}/index.md`, [`# ${document.info.title}`, prose(document.info.description), ...list].join('\n\n'));
    for (const [tag, endpoints] of groups)
      writePage(
        `reference/${name}/${toAnchor(tag)}.md`,
        [`# ${document.info.title}: ${tag}`, ...endpoints.flatMap((one) => this.describe(one))].join('\n\n'),
      );
    return [...groups.keys()];
  }

  /** @param {Endpoint} endpoint */
  describe({ operationId, method, path, summary, description, parameters = [], requestBody, responses, security = [] }) {
    const { document, reader } = this;
    const schemes = security.flatMap(Object.keys).map((name) => prose(document.components.securitySchemes?.[name]?.description ?? name));
    const rows = parameters.map(
      ({ name, in: place, required, description: text, schema }) =>
        `| ${code(name)} | ${prose(`${place}, ${reader.describeType(document, schema)}`)}${required ? ', required' : ''} | ${prose([text, ...reader.describeLimits(reader.resolve(document, schema))].filter(Boolean).join('. '))} |`,
    );
    return [
      `## ${prose(summary)} {#${operationId.toLowerCase()}}`,
      `${code(`${method.toUpperCase()} ${path}`)}`,
      ...(description ? [prose(description)] : []),
      ...(schemes.length > 0 ? [`**Access:** ${schemes.join(' Or: ')}`] : []),
      ...(rows.length > 0 ? ['**Parameters**', table(rows)] : []),
      ...(requestBody ? ['**Request body**', ...this.describeContent(requestBody.content)] : []),
      ...Object.entries(responses).flatMap(([status, reply]) => {
        const { description: text, content = {} } = reader.resolve(document, reply);
        return [`**${status}** ${prose(text)}`, ...(/^[45]/.test(status) ? [] : this.describeContent(content))];
      }),
    ];
  }

  /** @param {import('../../apps/web/src/docs/open-api.ts').Content} content */
  describeContent(content) {
    return Object.entries(content).flatMap(([media, { schema, example }]) => {
      const fields = schema && this.reader.findFields(this.document, schema);
      const rows = fields ? this.listFields(fields, '', 1) : [];
      const text = typeof example === 'string' ? example : JSON.stringify(example, null, 2);
      return [
        `${code(media)} ${schema ? prose(this.reader.describeType(this.document, schema)) : ''}`,
        ...(rows.length > 0 ? [table(rows)] : []),
        ...(text ? [`::: details Example\n\`\`\`json\n${text}\n\`\`\`\n:::`] : []),
      ];
    });
  }

  /**
   * @param {Schema} schema
   * @param {string} above path of the object
   * @param {number} depth
   * @returns {string[]} rows of a table
   */
  listFields(schema, above, depth) {
    const { document, reader } = this;
    return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
      /** @type {Schema} */
      const field = reader.resolve(document, value);
      const about = /** @type {Schema} */ (value).description ?? field.description;
      const isRequired = schema.required?.includes(name) ? ', required' : '';
      const inner = depth < DEPTH ? reader.findFields(document, value) : undefined;
      return [
        `| ${code(above + name)} | ${prose(reader.describeType(document, value))}${isRequired} | ${prose([about, ...reader.describeLimits(field)].filter(Boolean).join('. '))} |`,
        ...(inner ? this.listFields(inner, `${above}${name}.`, depth + 1) : []),
      ];
    });
  }
}

/** @param {string[]} rows */
const table = (rows) => ['| Name | Type | Description |', '| --- | --- | --- |', ...rows].join('\n');
