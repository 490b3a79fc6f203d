import { BadInputError } from './bad-input.error.js';

const BAD_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** A JSON text of one form field, parsed once for all who look into it. */
export class JsonDocument {
  readonly value: unknown;
  /**
   * Whether its texts may hold NUL or half a surrogate: one check of the whole document, not of each text.
   */
  readonly isDirty: boolean;

  /** @throws BadInputError of `field` for missing or invalid text */
  constructor(
    text: string | undefined,
    readonly field: string,
  ) {
    if (text === undefined || text === '') throw new BadInputError({ [field]: 'is required' });
    try {
      this.value = JSON.parse(text);
    } catch {
      throw new BadInputError({ [field]: 'is not valid JSON' });
    }
    this.isDirty = BAD_ESCAPE.test(text) || !text.isWellFormed();
  }
}
