/** A decoded form: texts, or lists and maps of texts. */
export type Decoded = string | Decoded[] | { [name: string]: Decoded };

/**
 * Decodes a query or form body as PHP does: `a[b][]=1&a[b][]=2` is `{ a: { b: ['1', '2'] } }`. Checks the
 * encoder.
 */
export function decodeForm(text: string): { [name: string]: Decoded } {
  const root: { [name: string]: Decoded } = {};
  for (const pair of text.split('&').filter(Boolean)) {
    const [rawKey = '', rawValue = ''] = pair.split(/=(.*)/s);
    const key = decodeURIComponent(rawKey.replaceAll('+', ' '));
    const value = decodeURIComponent(rawValue.replaceAll('+', ' '));
    const open = key.indexOf('[');
    const names = open < 0 ? [key] : [key.slice(0, open), ...[...key.slice(open).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')];
    let at: { [name: string]: Decoded } = root;
    names.forEach((name, depth) => {
      const step = name === '' ? String(Object.keys(at).length) : name;
      if (depth === names.length - 1) at[step] = value;
      else at = (at[step] ??= {}) as { [name: string]: Decoded };
    });
  }
  return makeLists(root) as { [name: string]: Decoded };
}

/** Converts maps whose keys are 0, 1, 2 ... to lists. */
function makeLists(value: Decoded): Decoded {
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, makeLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
