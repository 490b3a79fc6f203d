import type { WireCall } from '../wire.js';
import { ROUTES } from './moysklad-routes.js';

/** The calls of MoySklad's API that we use, with the names of their queries. Bodies are read by hand. */
export const WIRE: readonly WireCall[] = ROUTES.map(({ call, method, path, query = [] }) => ({
  ...{ call, method, path: `/api/remap/1.2${path}` },
  query: { type: 'object', properties: Object.fromEntries(query.map((name) => [name, { type: 'string' }])) },
}));
