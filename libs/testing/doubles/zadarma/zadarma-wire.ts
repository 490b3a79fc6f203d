import type { WireCall } from '../../double/wire.js';
import { ZADARMA_METHODS, type ZadarmaMethod } from './zadarma-methods.js';

/** The methods of Zadarma's API that we use, their parameters as schemas. */
export const WIRE: readonly WireCall[] = ZADARMA_METHODS.map(({ call, method, path, takes }) => ({
  ...{ call, method, path },
  ...(takes && { [method === 'GET' ? 'query' : 'body']: toSchema(takes) }),
}));

/** Parameters are text. A name with `!` is required. */
function toSchema(takes: NonNullable<ZadarmaMethod['takes']>): object {
  const entries = Object.entries(takes).map(([name, [{ source }]]) => [name.replace('!', ''), { type: 'string', pattern: source }]);
  const required = Object.keys(takes).flatMap((name) => (name.endsWith('!') ? [name.slice(0, -1)] : []));
  return { type: 'object', properties: Object.fromEntries(entries) as object, required };
}
