/**
 * `npm run check:spec`: compares the calls of a service's double with the description that the service
 * publishes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isStarted, main, root, SetupError } from './project.mjs';
import { follow, listOperations, open, readDocument, toParameters, toShape } from './published-api.mjs';

/** @typedef {import('./published-api.mjs').Node} Node */
/** @typedef {import('./published-api.mjs').Operation} Operation */

const help = `npm run check:spec -- <code> <file> [options]

Compares what lab/doubles/<code> knows of the service's API, <code>-wire.ts, with the description that the service publishes:
fields, types, required fields, enums, limits, statuses, and the descriptions of the fields that we send. Prints what is new and what is
no longer so, and exits with 1 if there is anything. Run \`npm run build\` first. Keep the file outside the checkout: it is the vendor's.

  <code>      of the double, such as cdek
  <file>      OpenAPI 3 as JSON or YAML (references to other files are followed), or Telegram's Bot API as JSON
  --all       also prints what has a reason
  --only      a regular expression: prints and accepts only findings that match
  --accept    writes the new findings into <code>-spec.json, with the reason of --because, and removes those that are no longer so
  --because   why a difference may stay, or what the double does about the sentences, in your own words
  --help      shows this

Reasons may be merged by hand: a * in the name of a difference stands for anything.
`;

/**
 * A call of a double. See `WireCall` of lab/doubles/wire.ts.
 * @typedef {{ call: string, method: string, path: string, body?: any, query?: any, reply?: any, status?: number }} Call
 *
 * <code>-spec.json. `differences`: reasons by finding. `sentences`: by the hash of the published text, how
 * the double follows it.
 * @typedef {{
 *   published: string, copy?: string, date: string, version: string,
 *   differences: Record<string, string>, sentences: Record<string, string>
 * }} Known
 *
 * `hash`: of a sentence. `text`: the vendor's words, for the terminal only.
 * @typedef {{ key: string, hash?: string, text?: string }} Finding
 */

const LIMITS = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'pattern'];
/** Only a duty matters if we do not send the field. */
const DUTY = /required|mandatory|must|obligatori|обязат/i;

/**
 * The hash of a field's description, without its markup.
 * @param {string} field
 * @param {string} text
 */
function hashSentence(field, text) {
  return createHash('sha256').update(`${field}: ${text}`).digest('hex').slice(0, 10);
}

/** @param {unknown} text */
function toPlain(text) {
  return `${text ?? ''}`
    .replace(/<\/?[a-z][^>]*>/gi, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * A limit to compare with another: an expression without its ways of writing.
 * @param {unknown} limit
 */
const toComparable = (limit) =>
  typeof limit === 'string' ? limit.replace(/^\^\(?|\)?\$$|^\(|\)$/g, '').replaceAll('[0-9]', '\\d') : limit;

/** A comparison of calls with the operations published: differences, and descriptions of fields we send. */
class Comparison {
  /** @type {Map<string, Finding>} */
  findings = new Map();
  /** Number of fields. */
  compared = 0;

  /** @param {readonly Operation[]} operations */
  constructor(operations) {
    this.operations = operations;
  }

  /**
   * @param {string} at
   * @param {string} how
   */
  differ(at, how) {
    this.findings.set(`${at}: ${how}`, { key: `${at}: ${how}` });
  }

  /**
   * @param {string} at
   * @param {unknown} description
   */
  read(at, description) {
    const text = toPlain(description);
    if (text === '') return;
    const hash = hashSentence(at.replace(/^.*[. ]/, ''), text);
    if (!this.findings.has(hash)) this.findings.set(hash, { key: at, hash, text });
  }

  /**
   * @param {string} at
   * @param {any} mine
   * @param {Node} theirs
   * @param {boolean} isSent
   */
  compare(at, mine, theirs, isSent) {
    this.compared++;
    const own = open({ is: mine, of: { content: mine, file: '' } });
    const published = open(theirs);
    if (isSent) this.read(at, published.said.description ?? published.said.title);
    // Text in a query may be a number.
    const isText = at.includes(' query ') && own.types.includes('string');
    const fits = (/** @type {string} */ type) => own.types.includes(type) || (type === 'number' && own.types.includes('integer'));
    if (own.types.length > 0 && published.types.length > 0 && !published.types.some(fits) && !isText)
      this.differ(at, `is ${own.types.join(' or ')}, published as ${published.types.join(' or ')}`);
    const more = own.enum?.filter((one) => published.enum && !published.enum.includes(one)) ?? [];
    const less = published.enum?.filter((one) => own.enum && !own.enum.includes(one)) ?? [];
    if (more.length > 0) this.differ(at, `takes ${more.join(', ')}, not published`);
    if (less.length > 0 && isSent) this.differ(at, `does not take ${less.join(', ')}`);
    if (published.enum && !own.enum && isSent) this.differ(at, `takes any value, published are ${published.enum.join(', ')}`);
    if (isSent && !own.enum)
      for (const limit of LIMITS) {
        const value = published.said[limit];
        const isSame = toComparable(value) === toComparable(own.said[limit]) || (value === 0 && limit === 'minLength' && !own.said[limit]);
        // A number in a query is text with a pattern here.
        if (value !== undefined && !isSame && !(isText && /imum$/.test(limit)))
          this.differ(at, `${limit} is ${own.said[limit] ?? 'not set'}, published ${value}`);
      }
    if (own.items && published.items) this.compare(`${at}[]`, own.items.is, published.items, isSent);
    const isFree = Object.keys(published.properties).length === 0;
    for (const [name, field] of Object.entries(own.properties)) {
      const their = published.properties[name];
      if (their === undefined) {
        if (!isFree) this.differ(`${at}.${name}`, 'is not published');
        continue;
      }
      const [needed, wanted] = [own.required.includes(name), published.required.includes(name)];
      if (wanted && !needed) this.differ(`${at}.${name}`, 'is required by the published description');
      if (needed && !wanted && isSent) this.differ(`${at}.${name}`, 'is required only here');
      this.compare(`${at}.${name}`, field.is, their, isSent);
    }
    if (!isSent || Object.keys(own.properties).length === 0) return;
    for (const [name, field] of Object.entries(published.properties)) {
      if (own.properties[name] !== undefined) continue;
      this.differ(`${at}.${name}`, published.required.includes(name) ? 'is required and unknown here' : 'is published and unknown here');
      const { description } = open(field).said;
      if (DUTY.test(`${description}`)) this.read(`${at}.${name}`, description);
    }
  }

  /** @param {Call} call */
  compareCall({ call, method, path, body, query, reply, status = 200 }) {
    const published = this.operations.find((one) => one.method === method && one.path === toShape(path));
    if (published === undefined) {
      this.differ(call, `${method} ${path} is not published`);
      return;
    }
    const { is, of } = published.operation;
    this.read(call, is.description ?? is.summary);
    const answers = Object.keys(is.responses ?? {});
    const isPublished = answers.some(
      (one) => one === String(status) || one === 'default' || one.toUpperCase() === `${Math.floor(status / 100)}XX`,
    );
    if (!isPublished) this.differ(call, `answers ${status}, published ${answers.join(', ')}`);
    const schemaOf = (/** @type {any} */ part) => {
      if (part === undefined) return undefined;
      const { is: opened, of: from } = follow({ is: part, of });
      const schema = /** @type {any} */ (Object.values(opened.content ?? {})[0])?.schema;
      return schema && { is: schema, of: from };
    };
    const sent = schemaOf(is.requestBody);
    if (body && sent) this.compare(`${call} body $`, body, sent, true);
    else if (body || sent) this.differ(`${call} body`, body ? 'is not published' : 'is published and unknown here');
    const answered = schemaOf(is.responses?.[status]);
    if (reply && answered) this.compare(`${call} reply $`, reply, answered, false);
    const parameters = (is.parameters ?? [])
      .map((/** @type {any} */ one) => follow({ is: one, of }))
      .filter((/** @type {Node} */ one) => one.is.in === 'query');
    if (!query && parameters.length === 0) return;
    const properties = Object.assign({}, ...parameters.map((/** @type {Node} */ one) => toParameters(one)));
    const required = parameters.filter((/** @type {Node} */ one) => one.is.required).map((/** @type {Node} */ one) => one.is.name);
    this.compare(
      `${call} query $`,
      query ?? { type: 'object', properties: {} },
      { is: { type: 'object', properties, required }, of },
      true,
    );
  }
}

/**
 * Compares calls with the operations published: differences, and each description that concerns a field we
 * send.
 * @param {readonly Call[]} calls
 * @param {readonly Operation[]} operations
 * @returns {{ findings: Finding[], compared: number }} `compared`: fields
 */
export function compareCalls(calls, operations) {
  const comparison = new Comparison(operations);
  for (const call of calls) comparison.compareCall(call);
  return { findings: [...comparison.findings.values()], compared: comparison.compared };
}

/**
 * Sorts findings into new and known, and lists reasons and hashes that match none.
 * @param {readonly Finding[]} findings
 * @param {Pick<Known, 'differences' | 'sentences'>} known
 */
export function sortFindings(findings, { differences, sentences }) {
  const reasons = Object.keys(differences).map((name) => ({
    name,
    matches: new RegExp(
      `^${name
        .split('*')
        .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
        .join('.*')}$`,
    ),
  }));
  const findReasons = (/** @type {Finding} */ { key }) => reasons.filter(({ matches }) => matches.test(key)).map(({ name }) => name);
  const isKnown = (/** @type {Finding} */ one) => (one.hash === undefined ? findReasons(one).length > 0 : one.hash in sentences);
  const used = new Set(findings.flatMap((one) => (one.hash === undefined ? findReasons(one) : [one.hash])));
  return {
    fresh: findings.filter((one) => !isKnown(one)),
    known: findings.filter(isKnown),
    gone: [...Object.keys(differences), ...Object.keys(sentences)].filter((name) => !used.has(name)),
  };
}

/**
 * @param {string} code
 * @returns {string}
 */
export const toKnownFile = (code) => join(root, 'lab/doubles', code, `${code}-spec.json`);

/**
 * @param {string} code
 * @returns {Known}
 */
function readKnown(code) {
  const file = toKnownFile(code);
  if (!existsSync(file)) return { published: '', date: '', version: '', differences: {}, sentences: {} };
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {string} code
 * @returns {Promise<Call[]>}
 */
async function readCalls(code) {
  const file = join(root, 'dist/lab/doubles', code, `${code}-wire.js`);
  if (!existsSync(file))
    throw new SetupError(`there is no ${file}. Is ${code} a double with a ${code}-wire.ts? Then run \`npm run build\` first.`);
  return (await import(pathToFileURL(file).href)).WIRE;
}

if (isStarted(import.meta.url))
  await main(async () => {
    const options = /** @type {const} */ ({
      all: { type: 'boolean' },
      only: { type: 'string' },
      accept: { type: 'boolean' },
      because: { type: 'string' },
      help: { type: 'boolean' },
    });
    const { values, positionals } = readArguments(() => parseArgs({ options, allowPositionals: true }));
    const [code, file] = positionals;
    if (values.help || code === undefined || file === undefined || positionals.length > 2) {
      process.stdout.write(help);
      return values.help ? 0 : 1;
    }
    if (!/^[a-z][a-z0-9-]*$/.test(code)) throw new SetupError(`${code} is not the code of a double, such as cdek`);
    if (values.accept && !values.because?.trim()) throw new SetupError('--accept needs --because: the reason is what a reviewer reads');
    const only = readPattern(values.only);
    const document = readDocument(resolve(process.env.INIT_CWD ?? root, file));
    const operations = listOperations(document);
    if (operations.length === 0) throw new SetupError(`${file} describes no calls: it must be OpenAPI 3 or Telegram's Bot API`);
    const known = readKnown(code);
    const { findings, compared } = compareCalls(await readCalls(code), operations);
    const sorted = sortFindings(findings, known);
    const matches = (/** @type {Finding} */ one) => only.test(one.key) || only.test(one.text ?? '');
    const fresh = sorted.fresh.filter(matches);
    const write = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
    for (const { key, hash, text } of values.all ? findings.filter(matches) : fresh)
      write(hash === undefined ? key : `${key} says [${hash}]\n    ${text}`);
    for (const name of sorted.gone) write(`no longer so: ${name}${known.sentences[name] ? ` (${known.sentences[name]})` : ''}`);
    if (values.accept) {
      accept(known, fresh, sorted.gone, `${values.because}`);
      known.version = findVersion(document.content) ?? known.version;
      writeFileSync(toKnownFile(code), `${JSON.stringify(known, null, 2)}\n`);
    }
    const sentences = fresh.filter(({ hash }) => hash !== undefined).length;
    write(
      `${compared} fields: ${fresh.length - sentences} differences and ${sentences} sentences are new, ${sorted.known.length} are known, ${sorted.gone.length} are no longer so`,
    );
    return !values.accept && sorted.fresh.length + sorted.gone.length > 0 ? 1 : 0;
  });

/**
 * @param {Known} known changed
 * @param {readonly Finding[]} fresh
 * @param {readonly string[]} gone
 * @param {string} because
 */
function accept(known, fresh, gone, because) {
  for (const name of gone) {
    delete known.differences[name];
    delete known.sentences[name];
  }
  for (const { key, hash } of fresh)
    if (hash === undefined) known.differences[key] = because;
    else known.sentences[hash] = `${key}: ${because}`;
}

/**
 * @param {any} content
 * @returns {string | undefined}
 */
function findVersion(content) {
  const version = content?.info?.version ?? content?.version;
  return version === undefined ? undefined : String(version);
}

/** @param {string | undefined} text */
function readPattern(text) {
  try {
    return new RegExp(text ?? '', 'i');
  } catch (error) {
    throw new SetupError(`--only is not a regular expression: ${error.message}`);
  }
}

/**
 * @template T
 * @param {() => T} read
 * @returns {T}
 */
function readArguments(read) {
  try {
    return read();
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${help}`);
  }
}
