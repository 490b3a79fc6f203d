/** Pieces of generated TypeScript. */

export const HEADER = '/* Generated from contract/ by generator/generate.mjs. Not in git: `npm run build` writes it. */\n';

export const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
export const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name));

export const upper = (name) => name[0].toUpperCase() + name.slice(1);

export function doc(text, indent = '') {
  return `${indent}/** ${text} */\n`;
}

export function literal(value) {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([name, entry]) => `${key(name)}: ${literal(entry)}`)
    .join(', ')} }`;
}
