import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../crypto/crypto.js';

/** What an operator may do: see everything, or change things too. */
export type OperatorRight = 'view' | 'act';

/** Who calls the operator API. */
export interface Operator {
  readonly name: string;
  readonly may: OperatorRight;
}

/** A token of an operator; one operator may have several, as while one replaces another. */
export interface OperatorToken extends Operator {
  /** SHA-256 of the token, 64 hex digits. */
  readonly hash: string;
}

/** Name of whoever has OPERATOR_TOKEN. */
export const NAMELESS_OPERATOR = 'operator';

const NAME = /^[A-Za-z0-9][\w.@-]{0,63}$/;

/**
 * Reads OPERATOR_TOKENS, `name:view|act:sha256` separated by commas or lines. `problem` names each bad entry
 * by its place and, if it is one, its name; never by what else it holds.
 */
export function parseOperatorTokens(text: string): { tokens: OperatorToken[]; problem?: string } {
  const tokens: OperatorToken[] = [];
  const problems: string[] = [];
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  entries.forEach((entry, index) => {
    if (entry === '') return;
    const [name = '', may, hash = '', ...more] = entry.split(':').map((part) => part.trim());
    const where = `entry ${index + 1}${more.length === 0 && may !== undefined && NAME.test(name) ? ` (${name})` : ''}`;
    const problem = findProblem({ name, may, hash, more });
    if (problem) problems.push(`${where} ${problem}`);
    else if (tokens.some((token) => token.hash === hash.toLowerCase())) problems.push(`${where} has the same token as another entry`);
    else tokens.push({ name, may: may as OperatorRight, hash: hash.toLowerCase() });
  });
  return { tokens, ...(problems.length > 0 && { problem: problems.join('; ') }) };
}

function findProblem({
  name,
  may,
  hash,
  more,
}: {
  name: string;
  may: string | undefined;
  hash: string;
  more: string[];
}): string | undefined {
  if (may === undefined || more.length > 0) return 'must be name:view:sha256 or name:act:sha256; make one with `npm run operator-token`';
  if (!NAME.test(name)) return 'must begin with a name of letters, digits and . _ @ -';
  if (may !== 'view' && may !== 'act') return 'must say view or act after the name';
  if (!/^[0-9a-fA-F]{64}$/.test(hash))
    return 'must end in the SHA-256 of the token as 64 hex digits; make one with `npm run operator-token`';
  return undefined;
}

/** Finds whose token it is. Its duration tells nothing of the tokens. */
export function findOperator(tokens: readonly OperatorToken[], given: string): OperatorToken | undefined {
  const hash = Buffer.from(sha256Hex(given), 'hex');
  let found: OperatorToken | undefined;
  for (const token of tokens) if (timingSafeEqual(Buffer.from(token.hash, 'hex'), hash)) found = token;
  return found;
}
