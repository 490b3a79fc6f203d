/** For the API's document: bodies whose members depend on the provider's form. */
const FREE_FORM = { schema: { type: 'object', additionalProperties: true } };

/** Settings, for `@ApiBody`. */
export const SETTINGS_BODY = { ...FREE_FORM, description: 'Values of the settings, by the names of their form.' };

/** Rules, for `@ApiBody`. */
export const RULES_BODY = { ...FREE_FORM, description: 'Values of the rules, by the names of their form.' };

/** Unsaved changes of a form, for `@ApiBody`. */
export const DRAFT_BODY = {
  ...FREE_FORM,
  description: 'The values entered so far, by their names in the form. Secrets in it are not kept.',
};

/** A sample on which rules are tried, for `@ApiBody`. */
export const SAMPLE_BODY = {
  ...FREE_FORM,
  description: 'Values of the sample, by the names of its form, and `rules` that are not stored.',
};
