/** The seeded faults and the rooms of the project. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, root } from '../project.mjs';

/**
 * @typedef {object} Fault
 * @property {string} file path in the project
 * @property {string} find text of the file, which occurs in it once
 * @property {string} replace text in its place
 * @property {string} harm what goes wrong, and for whom
 * @property {string} [room] by default the room of the file
 */

/**
 * By room the files that belong to it and the names of its end-to-end specs. The first match counts.
 * @type {Record<string, { files: RegExp, specs: RegExp }>}
 */
const ROOMS = {
  operations: { files: /^libs\/operations\//, specs: /\/(operations|nothing-twice|crash|payment-crash|delivery|payment)\b/ },
  outbox: { files: /^libs\/outbox\//, specs: /\/(outbox|statuses|crash|operator|one-clock|account\.)\b/ },
  inbox: { files: /^libs\/inbox\//, specs: /\/(inbox|webhooks|chat-in|payment)\b/ },
  masking: { files: /^libs\/journal\//, specs: /\/(journal|by-hand|story)\b/ },
  money: {
    files: /^libs\/integrations\/payment\/|\/money\/|^libs\/(built-in|providers)\/(stripe|yookassa|mercadopago|testpay)\//,
    specs: /\/(payment|money|trial-payment|stripe|yookassa|mercadopago|testpay)/,
  },
  pages: { files: /^apps\/web\//, specs: /\/(account-page|account-keyboard|console|sandbox-screens|plain-pages|account\.)/ },
  adapters: { files: /^libs\/(built-in|integrations|provider-kit|integration-kit|providers)\//, specs: /\/(services|delivery|statuses)\b/ },
  guard: {
    files: /^(apps\/api\/src|libs\/(connections|platform\/(crypto|edge|operators)|onboarding))\//,
    specs:
      /\/(credentials|guessing|operator|operators|operator-port|registration|simple-connection|account-callbacks|account-api|from-outside|account\.|instances|sealed|health)\b/,
  },
  platform: { files: /^/, specs: /\/(account\.|retention|restores|recurring|tasks|overload|crash|reconciliation)\b/ },
};

/**
 * @param {Fault} fault
 * @returns {string}
 */
export function roomOf({ file, room }) {
  return room ?? /** @type {string} */ (Object.keys(ROOMS).find((name) => ROOMS[name].files.test(file)));
}

/**
 * Chooses a fault's end-to-end specs: of its service or integration if they exist, otherwise of its room.
 * @param {Fault} fault
 * @param {string[]} specs
 * @returns {string[]}
 */
export function listRoomSpecs(fault, specs) {
  const [, own] = /^libs\/(?:built-in|providers|integrations)\/([^/]+)\//.exec(fault.file) ?? [];
  const isOwn = (/** @type {string} */ spec) => own !== undefined && (spec.includes(own) || spec.endsWith('/providers.life.e2e-spec.ts'));
  const room = ROOMS[roomOf(fault)] ?? ROOMS.platform;
  const isOfRoom = (/** @type {string} */ spec) => room.specs.test(`/${spec}`);
  return [...specs.filter(isOwn), ...(own && specs.some(isOwn) ? [] : specs.filter((spec) => isOfRoom(spec)))];
}

/**
 * @param {string} [file] by default the project's list
 * @returns {Fault[]}
 */
export function readFaults(file = join(root, 'scripts/mutations/faults.json')) {
  if (!existsSync(file)) throw new SetupError(`--seed: ${file} does not exist. Name a JSON file of faults or a number.`);
  /** @type {unknown} */
  let faults;
  try {
    faults = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SetupError(`${file} is not JSON: ${error.message}`);
  }
  if (!Array.isArray(faults)) throw new SetupError(`${file} must be a list of faults.`);
  for (const [index, fault] of faults.entries()) {
    for (const name of ['file', 'find', 'replace', 'harm'])
      if (typeof fault?.[name] !== 'string') throw new SetupError(`${file}: fault ${index + 1} needs a text "${name}".`);
    if (fault.room !== undefined && !Object.hasOwn(ROOMS, fault.room))
      throw new SetupError(`${file}: fault ${index + 1}: the rooms are ${Object.keys(ROOMS).join(', ')}.`);
  }
  return faults;
}

/**
 * Throws a SetupError that names each fault which the sources no longer have a place for.
 * @param {Fault[]} faults
 */
export function checkFaults(faults) {
  const problems = faults.flatMap(({ file, find, replace }) => {
    const path = join(root, file);
    if (!existsSync(path)) return [`${file} does not exist`];
    const times = readFileSync(path, 'utf8').split(find).length - 1;
    if (times !== 1) return [`${file} contains this text ${times} times, not once: ${find}`];
    return find === replace ? [`${file}: the replacement changes nothing: ${find}`] : [];
  });
  if (problems.length > 0) throw new SetupError(`some faults do not fit the sources:\n${problems.join('\n')}`);
}

/**
 * Returns a list in an order that depends only on the seed.
 * @template T
 * @param {T[]} list
 * @param {number} seed
 * @returns {T[]}
 */
export function shuffle(list, seed) {
  let state = seed >>> 0;
  // Mulberry32.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return list
    .map((one) => ({ one, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}
