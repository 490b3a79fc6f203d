/** Field path (`packages[0].weight`) to a message that reads after it (`must be greater than 0`). */
export interface FieldErrors {
  [path: string]: string;
}

const NAMED_IN_SENTENCE = 3;

/**
 * Input that does not fit its DTO. `errors` names up to 20 fields; `message` is a sentence about the first of
 * them. Neither ever holds a value that was sent, so both are safe in logs and replies. Answered with 400.
 */
export class BadInputError extends Error {
  readonly errors: FieldErrors;

  constructor(errors: FieldErrors) {
    super(toSentence(errors));
    this.name = 'BadInputError';
    this.errors = errors;
  }
}

function toSentence(errors: FieldErrors): string {
  const all = Object.entries(errors).map(([path, message]) => `${path} ${message}`);
  const rest = all.length - NAMED_IN_SENTENCE;
  return `Wrong input: ${all.slice(0, NAMED_IN_SENTENCE).join('; ')}${rest > 0 ? ` (and ${rest} more)` : ''}`;
}
