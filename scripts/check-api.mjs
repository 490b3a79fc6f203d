/**
 * `npm run check:api`: compares docs/openapi with the newest tag v* of this branch. A breaking change needs a
 * greater major version, before 1.0.0 a greater minor version. The promises are in docs/versions.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listChangesets } from './new-version.mjs';
import { isStarted, main, root } from './project.mjs';
import { listOperations, open } from './published-api.mjs';

const DOCUMENTS = ['docs/openapi/api.json', 'docs/openapi/callbacks.json'];

/** @typedef {import('./published-api.mjs').Node} Node */

/**
 * A place that callers rely on. `isSent`: by the caller. `within`: the place around it.
 * @typedef {{ isSent: boolean, isRequired: boolean, within: string, types: string[], values?: unknown[] }} Place
 */

/**
 * Lists the places of a document, such as `GET /orders 200 .items[].id`.
 * @param {any} content
 */
function listPlaces(content) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  /**
   * @param {string} at
   * @param {Node} node
   * @param {Pick<Place, 'isSent' | 'isRequired' | 'within'>} how
   * @param {readonly string[]} above references that were followed
   */
  const add = (at, node, how, above = []) => {
    const { types, enum: values, properties, required, items, said } = open(node);
    const isNull = [node.is?.type].flat().includes('null');
    places.set(at, { ...how, types: isNull ? [...types, 'null'] : types, values });
    const { $ref } = node.is ?? {};
    if (above.includes($ref)) return;
    const below = $ref ? [...above, $ref] : above;
    const inner = (/** @type {string} */ name, /** @type {Node} */ one, isRequired = false) =>
      add(`${at}${name}`, one, { isSent: how.isSent, isRequired, within: at }, below);
    for (const [name, field] of Object.entries(properties)) inner(`.${name}`, field, required.includes(name));
    if (items) inner('[]', items);
    if (typeof said.additionalProperties === 'object') inner('{}', { is: said.additionalProperties, of: node.of });
  };
  for (const { method, path, operation } of listOperations({ content, file: '' })) {
    const { is, of } = operation;
    const within = `${method} ${path}`;
    places.set(within, { isSent: false, isRequired: true, within: '', types: [] });
    for (const { name, in: where, required = false, schema } of is.parameters)
      if (where !== 'path') add(`${within} ${where} ${name}`, { is: schema, of }, { isSent: true, isRequired: required, within });
    for (const [type, { schema }] of Object.entries(is.requestBody?.content ?? {}))
      add(`${within} ${type} body `, { is: schema, of }, { isSent: true, isRequired: is.requestBody.required ?? false, within });
    for (const [status, reply] of Object.entries(is.responses))
      if (status.startsWith('2'))
        for (const [type, { schema }] of Object.entries(reply.content ?? {}))
          add(`${within} ${status} ${type} `, { is: schema, of }, { isSent: false, isRequired: true, within });
  }
  return places;
}

/**
 * @param {readonly unknown[]} some
 * @param {readonly unknown[]} all
 */
const isWithin = (some, all) => some.every((one) => all.includes(one) || (one === 'integer' && all.includes('number')));

/**
 * @param {Place} was
 * @param {Place} is
 * @returns {string[]}
 */
function compare(was, is) {
  const [narrow, wide] = was.isSent ? [was, is] : [is, was];
  const lost = was.values?.filter((one) => is.values && !is.values.includes(one)) ?? [];
  return [
    ...(wide.types.length > 0 && (narrow.types.length === 0 || !isWithin(narrow.types, wide.types))
      ? [`is ${is.types.join(' or ') || 'anything'} instead of ${was.types.join(' or ') || 'anything'}`]
      : []),
    ...(was.isSent && !was.isRequired && is.isRequired ? ['is required now'] : []),
    ...(!was.isSent && was.isRequired && !is.isRequired ? ['may be missing now'] : []),
    ...(lost.length > 0 ? [`lacks ${lost.join(', ')}`] : []),
    ...(was.isSent && !was.values && is.values ? [`takes only ${is.values.join(', ')}`] : []),
  ];
}

/**
 * Finds the changes of an OpenAPI document that break a caller.
 * @param {any} before
 * @param {any} after
 * @returns {string[]} place and change
 */
export function findBreaks(before, after) {
  const [old, now] = [listPlaces(before), listPlaces(after)];
  const changed = [...old].flatMap(([at, was]) => {
    const is = now.get(at);
    // Everything in it is gone, too.
    if (is === undefined) return was.within === '' || now.has(was.within) ? [`${at.trim()} is gone`] : [];
    return compare(was, is).map((how) => `${at.trim()} ${how}`);
  });
  const added = [...now].filter(([at, is]) => !old.has(at) && is.isSent && is.isRequired && old.has(is.within));
  return [...changed, ...added.map(([at]) => `${at.trim()} is new and required`)];
}

/**
 * Whether the next version may break what a release promised.
 * @param {string} release
 * @param {string} version in package.json
 * @param {readonly { bump: string }[]} changesets that the next version has
 */
export function mayBreak(release, version, changesets) {
  const [old = [], now = []] = [release, version].map((one) => one.split('.').map(Number));
  if (now[0] > old[0] || (now[0] === 0 && now[1] > old[1])) return true;
  return changesets.some(({ bump }) => bump === 'major' || (bump === 'minor' && now[0] === 0));
}

/** @param {...string} args */
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim();

if (isStarted(import.meta.url))
  await main(async () => {
    const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
    const [tag] = git('tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname').split('\n');
    if (!tag) {
      say('There is no tag v* yet, so there is no release to compare with.');
      return 0;
    }
    const read = (/** @type {string} */ file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
    const breaks = DOCUMENTS.flatMap((file) => findBreaks(JSON.parse(git('show', `${tag}:${file}`)), read(file)));
    for (const one of breaks) say(one);
    const isAllowed = mayBreak(tag.slice(1), read('package.json').version, listChangesets());
    say(`${breaks.length} breaking changes since ${tag}${breaks.length > 0 && isAllowed ? ', which the next version allows' : ''}`);
    if (breaks.length === 0 || isAllowed) return 0;
    say('Keep what callers use, or add a changeset with `major` (before 1.0.0 `minor`).');
    return 1;
  });
