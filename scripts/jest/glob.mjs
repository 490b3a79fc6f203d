import { readFileSync, readdirSync } from 'node:fs';

/**
 * Vite's `import.meta.glob` of the JSON files of a folder, for specs.
 * @param {string} importer address of the importing module
 * @param {string} pattern such as `../texts/form/*.json`
 * @returns {Record<string, unknown>}
 */
export function globFiles(importer, pattern) {
  const folder = pattern.slice(0, pattern.lastIndexOf('/') + 1);
  const names = readdirSync(new URL(folder, importer)).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(names.map((name) => [folder + name, JSON.parse(readFileSync(new URL(folder + name, importer), 'utf8'))]));
}
