import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../crypto/crypto.js';

/**
 * A right that a route needs. `view`: see everything but the export of a buyer's data. `act`: change things.
 * `export`: export what is stored about a buyer.
 */
export type OperatorRight = 'view' | 'act' | 'export';

/** The rights of a token. Each includes `view`, and `act` does not include `export`. */
export type OperatorRights = OperatorRight | 'act+export';

/** Who calls the operator API. */
export interface Operator {
  readonly name: string;
  readonly may: OperatorRights;
  /** Codes of the modules that the operator is limited to. Missing if there is no limit. */
  readonly modules?: readonly string[];
}

/** An operator's token. One operator may have several, for example while one replaces another. */
export interface OperatorToken extends Operator {
  /** SHA-256 of the token, 64 hex digits. */
  readonly hash: string;
}

/** Whether rights include a right. */
export function allows(may: OperatorRights, right: OperatorRight): boolean {
  return right === 'view' || may.split('+').includes(right);
}

/** Operator name for the bearer of OPERATOR_TOKEN. */
export const NAMELESS_OPERATOR = 'operator';

const RIGHTS: readonly string[] = ['view', 'act', 'export', 'act+export'] satisfies OperatorRights[];
const MODULE = /^[a-z][a-z0-9-]{0,49}$/;
const NAME = /^[A-Za-z0-9][\w.@-]{0,63}$/;

/**
 * Reads OPERATOR_TOKENS, `name:rights[@module+module]:sha256` separated by commas or lines. `problem` names
 * each bad entry by its place and, if it is valid, its name, and never by the rest of it.
 */
export function parseOperatorTokens(text: string): { tokens: OperatorToken[]; problem?: string } {
  const tokens: OperatorToken[] = [];
  const problems: string[] = [];
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  entries.forEach((entry, index) => {
    if (entry === '') return;
    const [name = '', granted, hash = '', ...more] = entry.split(':').map((part) => part.trim());
    const [rights = '', ...places] = granted?.split('@') ?? [];
    const may = granted === undefined ? undefined : rights.split('+').sort().join('+');
    const modules = places[0]?.split('+');
    const where = `entry ${index + 1}${more.length === 0 && granted !== undefined && NAME.test(name) ? ` (${name})` : ''}`;
    const problem = findProblem({ name, may, hash, more, modules, places });
    if (problem) problems.push(`${where} ${problem}`);
    else if (tokens.some((token) => token.hash === hash.toLowerCase())) problems.push(`${where} has the same token as another entry`);
    else tokens.push({ name, may: may as OperatorRights, ...(modules && { modules }), hash: hash.toLowerCase() });
  });
  return { tokens, ...(problems.length > 0 && { problem: problems.join('; ') }) };
}

function findProblem({
  name,
  may,
  hash,
  more,
  modules,
  places,
}: {
  name: string;
  may: string | undefined;
  hash: string;
  more: string[];
  modules: string[] | undefined;
  places: string[];
}): string | undefined {
  if (may === undefined || more.length > 0)
    return 'must be name:view:sha256, with act, export or act+export in place of view; make one with `npm run operator-token`';
  if (!NAME.test(name)) return 'must begin with a name of letters, digits and . _ @ -';
  if (!RIGHTS.includes(may)) return 'must have view, act, export or act+export after the name';
  if (places.length > 1 || modules?.some((code) => !MODULE.test(code)))
    return 'must name modules by their codes after the @, such as view@courier+cdek';
  if (!/^[0-9a-fA-F]{64}$/.test(hash))
    return 'must end in the SHA-256 of the token as 64 hex digits; make one with `npm run operator-token`';
  return undefined;
}

/** Finds the operator that a token belongs to. The duration reveals nothing about the tokens. */
export function findOperator(tokens: readonly OperatorToken[], given: string): OperatorToken | undefined {
  const hash = Buffer.from(sha256Hex(given), 'hex');
  let found: OperatorToken | undefined;
  for (const token of tokens) if (timingSafeEqual(Buffer.from(token.hash, 'hex'), hash)) found = token;
  return found;
}
