import { type FieldErrors, toSentence } from './problem-texts.js';

/**
 * Input that does not fit its DTO. `errors` has up to 20 fields. `message` is a sentence about the first of
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
