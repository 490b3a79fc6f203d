import type { OpenApiSchema } from '#platform';

/** The body of every unsuccessful reply. `AnswerFilter` of the api creates it. */
export const ERROR_ANSWER: OpenApiSchema = {
  type: 'object',
  description: 'The body of every reply that is not a success.',
  properties: {
    success: { type: 'boolean', enum: [false] },
    errorMsg: { type: 'string', description: 'The problem, in a sentence for people.' },
    errors: { type: 'object', additionalProperties: { type: 'string' }, description: 'The same by field.' },
  },
  required: ['success', 'errorMsg'],
};

interface ErrorKind {
  readonly description: string;
  readonly example: { errorMsg: string; errors?: Record<string, string> };
  /** Seconds in the `retry-after` header, if there is one. */
  readonly retryAfter?: true;
}

/** The errors by their status. */
export const ERRORS: Readonly<Record<string, ErrorKind>> = {
  400: {
    description: 'The request is wrong; `errors` names the fields.',
    example: { errorMsg: 'limit must not be greater than 500', errors: { limit: 'must not be greater than 500' } },
  },
  401: { description: 'The token is missing, wrong or too old.', example: { errorMsg: 'The operator token is missing or wrong.' } },
  403: { description: 'Who asks may not do this.', example: { errorMsg: 'The module is not active in this account.' } },
  404: {
    description: 'The object does not exist, or it belongs to another account.',
    example: { errorMsg: 'There is no delivery "0199c1f0-3c1e-7000-8000-000000000000" here.' },
  },
  405: { description: 'The address does not support this method.', example: { errorMsg: 'A webhook must use GET, POST or PUT.' } },
  409: {
    description: 'It cannot be done in the state that the thing is in.',
    example: { errorMsg: 'Only an operation whose outcome is unknown can be released.' },
  },
  416: {
    description: 'The range is outside the file.',
    example: { errorMsg: 'The recording has 4096 bytes, and this range is outside of it.' },
  },
  429: {
    description: 'Too many wrong attempts or requests from this address.',
    example: { errorMsg: 'Too many wrong attempts from this address. Try again in a minute.' },
    retryAfter: true,
  },
  502: {
    description: 'The outside service or the CRM is unavailable. The request had no effect.',
    example: { errorMsg: 'The service is unavailable. Try again in a moment.' },
    retryAfter: true,
  },
  503: {
    description: 'The server is overloaded, or the database is unavailable.',
    example: { errorMsg: 'The server is overloaded. Try again in a moment.' },
    retryAfter: true,
  },
  504: {
    description: 'The outside service did not answer in time: whether the request had an effect is being found out.',
    example: { errorMsg: 'We are checking with the service whether this was done. Repeat it in a minute. It will not be done twice.' },
  },
};

/** The caller of an operation: operators, the account page, monitoring, or CRM, providers and visitors. */
export type Caller = 'operator' | 'page' | 'other' | 'monitor';

/** The properties of an operation that decide its errors. */
export interface Traits {
  readonly caller: Caller;
  /** Whether it does more than read. */
  readonly changes: boolean;
  readonly takesInput: boolean;
  /** Whether its path refers to an item by id. */
  readonly namesThing: boolean;
}

/** Lists the statuses of errors that an operation may return in addition to its own. */
export function listErrors({ caller, changes, takesInput, namesThing }: Traits): string[] {
  if (caller === 'monitor') return [];
  const isOwn = caller !== 'other';
  const asksOutside = caller !== 'operator' || changes;
  const statuses = [
    ...(takesInput || isOwn ? [400] : []),
    ...(isOwn ? [401] : []),
    ...(caller === 'page' ? [] : [403]),
    ...(namesThing || changes ? [404] : []),
    ...(isOwn && changes ? [409] : []),
    429,
    ...(asksOutside ? [502] : []),
    503,
    ...(asksOutside ? [504] : []),
  ];
  return statuses.map(String);
}
