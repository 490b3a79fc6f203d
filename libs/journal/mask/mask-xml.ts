import { isKnownName, MASK, type Masking, maskValue } from './mask-value.js';

/** One token of an XML document: a comment or similar, a tag, or a text. */
const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<(?:!--[\s\S]*?--|\?[\s\S]*?\?|!(?!--)[^>[]*)>|<(\/?)([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*["']([^"']*)["']/g;

/** Returns an XML document masked like JSON, by the names of elements. Undefined if it cannot be parsed. */
export function maskXml(text: string, masking: Masking): string | undefined {
  let masked = '';
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [whole, data, slash, name, attributes, closed, plain] = TOKEN.exec(text) ?? [];
    if (whole === undefined) return undefined;
    const content = data ?? plain;
    if (content !== undefined) masked += content.trim() === '' ? '' : maskAs(open.at(-1) ?? '', content.trim(), masking);
    else if (name !== undefined) {
      masked += `<${slash}${showName(name)}${maskAttributes(attributes ?? '', masking)}${closed}>`;
      if (slash) open.pop();
      else if (!closed) open.push(name);
    }
    if (masking.room <= 0) {
      masking.cut = true;
      break;
    }
  }
  return masked;
}

function maskAttributes(attributes: string, masking: Masking): string {
  let masked = '';
  for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (!/^xmlns/.test(name)) masked += ` ${showName(name)}="${maskAs(name, value, masking).replaceAll('"', '')}"`;
  }
  return masked;
}

function showName(name: string): string {
  return isKnownName(name) ? name : MASK;
}

function maskAs(name: string, text: string, masking: Masking): string {
  const local = name.slice(name.indexOf(':') + 1);
  const fields = JSON.parse(maskValue({ [local]: text }, masking)) as Record<string, unknown>;
  const [value] = Object.values(fields);
  return typeof value === 'string' ? value : MASK;
}
