import { BadInputError } from '../validation/bad-input.error.js';
import type { DtoClass } from '../validation/dto-schema.js';
import { getParser } from '../validation/parser.js';

/** A class whose decorated properties are settings, each by the name of its variable. */
export type SettingsClass<Settings extends object = object> = DtoClass<Settings>;

/** What a settings class may say of its values together: problems by variable, worded to follow its name. */
export interface SelfChecking {
  problems(): Readonly<Record<string, string>>;
}

/** Variables by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A start-up problem that the operator can fix; the message says how and is printed without a stack. */
export class EnvironmentError extends Error {}

/**
 * Checks variables against settings classes; returns an instance of each. Empty variables count as missing.
 * `known`: problems that were found before, by variable.
 * @throws EnvironmentError naming every wrong setting, never a value
 */
export function checkSettings(
  classes: readonly SettingsClass[],
  variables: Variables,
  known: Readonly<Record<string, string>> = {},
): object[] {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const problems = { ...known };
  const checked = classes.map((settings) => {
    try {
      const read = Object.assign(new settings(), getParser(settings).parse(given)) as object & Partial<SelfChecking>;
      Object.assign(problems, read.problems?.());
      return read;
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      // What a file should have given is said of the file.
      for (const [name, problem] of Object.entries(error.errors)) if (!known[`${name}_FILE`]) problems[name] = problem;
      return new settings();
    }
  });
  const lines = Object.entries(problems).map(([name, problem]) => `  ${name} ${problem}`);
  if (lines.length === 0) return checked;
  throw new EnvironmentError(`The environment is not complete:\n${lines.join('\n')}\nEach setting is described in .env.example.`);
}
