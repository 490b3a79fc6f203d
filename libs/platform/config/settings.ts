import { getMetadataStorage } from 'class-validator';
import { BadInputError } from '../validation/bad-input.error.js';
import { isSecret } from '../validation/decorators.js';
import type { DtoClass } from '../validation/dto-schema.js';
import { getParser } from '../validation/parser.js';

/** A class whose decorated properties are settings, each by the name of its variable. */
export type SettingsClass<Settings extends object = object> = DtoClass<Settings>;

/** A settings class that checks its values together. Problems by variable, worded to follow its name. */
export interface SelfChecking {
  problems(): Readonly<Record<string, string>>;
}

/** Variables by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A start-up problem that the operator can fix. The message explains how and is printed without a stack. */
export class EnvironmentError extends Error {}

/** Names of a class's settings, or only of its secrets. */
export function listSettingNames(settings: SettingsClass, which: 'all' | 'secrets' = 'all'): string[] {
  const names = getMetadataStorage()
    .getTargetValidationMetadatas(settings, '', false, false)
    .map(({ propertyName }) => propertyName);
  return [...new Set(names)].filter((name) => which === 'all' || isSecret(settings, name));
}

/**
 * Checks variables against settings classes and returns an instance of each. Empty variables count as
 * missing.
 * @param known problems found before, by variable
 * @param further finds problems that settings have together, also of settings that are partly wrong
 * @throws EnvironmentError listing every wrong setting, never a value
 */
export function checkSettings(
  classes: readonly SettingsClass[],
  variables: Variables,
  known: Readonly<Record<string, string>> = {},
  further?: (checked: readonly object[]) => Readonly<Record<string, string>>,
): object[] {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const problems: Record<string, string> = { ...known };
  // A problem of a secret's file explains why the secret is missing.
  const add = (name: string, problem: string): unknown => known[`${name}_FILE`] ?? (problems[name] ??= problem);
  const checked = classes.map((settings) => {
    const { read, wrong } = readSettings(settings, given);
    for (const [name, problem] of Object.entries({ ...read.problems?.(), ...wrong })) add(name, problem);
    return read;
  });
  for (const [name, problem] of Object.entries(further?.(checked) ?? {})) add(name, problem);
  const lines = Object.entries(problems).map(([name, problem]) => `  ${name} ${problem}`);
  if (lines.length === 0) return checked;
  throw new EnvironmentError(`The environment is not complete:\n${lines.join('\n')}\nEach setting is described in .env.example.`);
}

/** Reads the valid settings of a class, and finds the problems of the others. */
function readSettings(settings: SettingsClass, given: Variables): { read: Partial<SelfChecking>; wrong: Record<string, string> } {
  const wrong: Record<string, string> = {};
  for (let left = given; ;) {
    try {
      return { read: Object.assign(new settings(), getParser(settings).parse(left)), wrong };
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      for (const [name, problem] of Object.entries(error.errors)) wrong[name] ??= problem;
      // A parser reports a limited number of errors, so it is called again without the reported values.
      const next = Object.fromEntries(Object.entries(left).filter(([name]) => wrong[name] === undefined));
      if (Object.keys(next).length < Object.keys(left).length) {
        left = next;
        continue;
      }
      const names = listSettingNames(settings).filter((name) => left[name] !== undefined);
      return { read: Object.assign(new settings(), Object.fromEntries(names.map((name) => [name, left[name]]))), wrong };
    }
  }
}
