import { readFileSync } from 'node:fs';
import { listSettingNames, type SettingsClass, type Variables } from './settings.js';

export const MODULE_SECRET = /^MODULE_[A-Z0-9_]+_SECRET$/;

const ENDING = '_FILE';

/**
 * Reads secrets from files: `X_FILE` is the path of the file of the `@Secret()` setting X, or of a module's
 * secret. Line ends after the text are ignored. Returns the variables with them, and problems by variable.
 */
export function readSecretFiles(
  classes: readonly SettingsClass[],
  variables: Variables,
): { variables: Variables; problems: Record<string, string> } {
  const secrets = new Set(classes.flatMap((settings) => listSettingNames(settings, 'secrets')));
  const read: Record<string, string> = {};
  const problems: Record<string, string> = {};
  for (const [variable, file] of Object.entries(variables)) {
    const name = variable.slice(0, -ENDING.length);
    if (!variable.endsWith(ENDING) || !file || !(secrets.has(name) || MODULE_SECRET.test(name))) continue;
    const found = variables[name] ? { problem: `is set in addition to ${name}. Remove one of them` } : readSecret(file);
    if ('secret' in found) read[name] = found.secret;
    else problems[variable] = found.problem;
  }
  return { variables: { ...variables, ...read }, problems };
}

function readSecret(file: string): { secret: string } | { problem: string } {
  try {
    const secret = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
    return secret.trim() === '' ? { problem: 'names an empty file' } : { secret };
  } catch (error) {
    return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code}): name a file that this user can read` };
  }
}
