/** `npm run generate:coverage`: writes docs/contract/coverage.md, the contract's fields and their places. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'oxfmt';
import { isStarted, main, root, say } from './project.mjs';

/**
 * The target of a field: members of a port (`Type.member.member`), our own data, or nothing, and why.
 * @typedef {{ to: string | string[], note?: string } | { ours: string } | { drop: string }} Place
 * @typedef {Record<string, Place>} Places
 *
 * A file of an integration. `roots`: types of the contract by their subject. `queries`: parameters
 * that the contract describes only in prose.
 * @typedef {{ roots: Record<string, string>, queries?: Record<string, Places>, fields: Places }} Coverage
 */

/** The files by their subject. */
export const coverageFiles = {
  'All modules': 'libs/onboarding/coverage.json',
  Delivery: 'libs/integrations/delivery/coverage.json',
  Payment: 'libs/integrations/payment/coverage.json',
  Telephony: 'libs/integrations/telephony/coverage.json',
  Store: 'libs/integrations/inventory/coverage.json',
  Chat: 'libs/integrations/chat/coverage.json',
  Recommendation: 'libs/integrations/recommendation/coverage.json',
};

export const coveragePage = 'docs/contract/coverage.md';

const intro = `# The target of each field

The target of each field of the CRM's callbacks, their replies, the messages to the CRM and the registration: a member of a port, our
own data, or the reason why it is dropped. \`npm run generate:coverage\` writes this page from the \`coverage.json\` of each integration.
A spec compares these files with the contract's types and the ports. The specs of the integrations compare them with actual traffic.
`;

/** @param {string} file */
export function readCoverage(file) {
  return /** @type {Coverage} */ (JSON.parse(readFileSync(join(root, file), 'utf8')));
}

/** @returns {Record<string, { extends?: string, fields: Record<string, string> }>} */
function readTypes() {
  return JSON.parse(readFileSync(join(root, 'libs/crm-client/contract/types.json'), 'utf8'));
}

/**
 * Lists the fields that are reached from types of the contract, as `Type.field`. Inherited ones are the
 * heir's. `others` are types that another file covers.
 * @param {Iterable<string>} roots
 * @param {Iterable<string>} [others]
 * @returns {Set<string>}
 */
export function listContractFields(roots, others = []) {
  const types = readTypes();
  /** @type {Set<string>} */
  const found = new Set();
  const visited = new Set(others);
  const visit = (/** @type {string} */ name) => {
    if (visited.has(name)) return;
    visited.add(name);
    for (let type = types[name]; ; type = types[type.extends ?? '']) {
      if (!type) throw new Error(`${name} is not a type of the contract`);
      for (const [field, of] of Object.entries(type.fields)) {
        found.add(`${name}.${field}`);
        const inner = of
          .replace('|json', '')
          .replace(/^map<\w+,(.*)>$/, '$1')
          .replaceAll('[]', '');
        if (types[inner]) visit(inner);
      }
      if (type.extends === undefined) return;
    }
  };
  for (const name of roots) visit(name);
  return found;
}

/** Returns the page, formatted. */
export async function buildCoveragePage() {
  const parts = [intro];
  for (const [title, file] of Object.entries(coverageFiles)) {
    const { roots, queries = {}, fields } = readCoverage(file);
    parts.push(`## ${title}\n`);
    const uses = Object.entries(roots).map(([use, type]) => `${use}: \`${shorten(type)}\``);
    parts.push(`${uses.join(' · ')}.\n`);
    const rows = ['| type | field | goes to |', '| --- | --- | --- |'];
    for (const [name, parameters] of Object.entries(queries)) addRows(rows, `${name} (parameters)`, parameters);
    /** @type {Map<string, Record<string, Place>>} */
    const byType = new Map();
    for (const [key, place] of Object.entries(fields)) {
      const [type, field] = splitKey(key);
      byType.set(type, { ...byType.get(type), [field]: place });
    }
    for (const [type, places] of byType) addRows(rows, shorten(type), places);
    parts.push(`${rows.join('\n')}\n`);
  }
  return (await format(coveragePage, parts.join('\n'))).code;
}

/**
 * Adds a row for all fields of a type that go to the same kind of place.
 * @param {string[]} rows
 * @param {string} type
 * @param {Record<string, Place>} places
 */
function addRows(rows, type, places) {
  let name = type;
  for (const [field, place] of Object.entries(places)) {
    rows.push(`| ${name} | ${field} | ${describe(place)} |`);
    name = '';
  }
}

/** @param {Place} place */
function describe(place) {
  if ('drop' in place) return `dropped: ${place.drop}`;
  if ('ours' in place) return place.ours;
  const members = [place.to].flat().map((member) => `\`${member}\``);
  return `${members.join(', ')}${place.note ? ` (${place.note})` : ''}`;
}

/** @param {string} type */
function shorten(type) {
  return type.replace('Callback/', '').replace('Entity/', '').replace('RequestProperty/', '').replace('ResponseProperty/', '');
}

/**
 * @param {string} key
 * @returns {[type: string, field: string]}
 */
export function splitKey(key) {
  const dot = key.lastIndexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
}

if (isStarted(import.meta.url))
  await main(async () => {
    writeFileSync(join(root, coveragePage), await buildCoveragePage());
    say(`wrote ${coveragePage}`);
    return 0;
  });
