import { badRequest, type TelegramEntity } from './telegram-objects.js';

const TAGS: Readonly<Record<string, string>> = {
  ...{ b: 'bold', strong: 'bold', i: 'italic', em: 'italic', u: 'underline', ins: 'underline' },
  ...{ s: 'strikethrough', strike: 'strikethrough', del: 'strikethrough', 'tg-spoiler': 'spoiler' },
  ...{ code: 'code', pre: 'pre', blockquote: 'blockquote', a: 'text_link' },
};
const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** A text and its formatting, without white space around it. */
export interface FormattedText {
  text: string;
  entities: readonly TelegramEntity[];
}

/**
 * Reads a sent text. In HTML every `<`, `>` and `&` must be a tag or `&lt;`, `&gt;`, `&amp;`, `&quot;`.
 * Throws Refusal. The other modes are not supported.
 */
export function formatText(text: string, parseMode?: string, entities: readonly TelegramEntity[] = []): FormattedText {
  if (parseMode === undefined) {
    for (const { type, offset, length } of entities)
      if (offset < 0 || length < 1 || offset + length > text.length) throw cannotParse(`the ${type} entity is out of the text`);
    return trim({ text, entities });
  }
  if (entities.length > 0) throw badRequest('entities and parse_mode are not for one text');
  if (parseMode !== 'HTML') throw badRequest(`unsupported parse_mode: this double knows HTML, not ${parseMode}`);
  return trim(parseHtml(text));
}

function parseHtml(html: string): FormattedText {
  const open: { tag: string; offset: number; url?: string }[] = [];
  const entities: TelegramEntity[] = [];
  let text = '';
  for (const [part, slash, tag, attributes, entity] of html.matchAll(/<(\/?)([a-z-]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)>|&([a-z]+);|[^]/gu)) {
    if (entity !== undefined) {
      const character = CHARACTERS[entity];
      if (character === undefined) throw cannotParse(`unsupported entity &${entity};`);
      text += character;
    } else if (tag === undefined) {
      if (/[<>&]/.test(part)) throw cannotParse(`unescaped ${part} after "${text.slice(-20)}"`);
      text += part;
    } else if (slash === '') {
      if (TAGS[tag] === undefined) throw cannotParse(`Unsupported start tag "${tag}"`);
      const url = /\shref="([^"]*)"/.exec(attributes ?? '')?.[1];
      open.push({ tag, offset: text.length, ...(url !== undefined && { url }) });
    } else {
      const last = open.pop();
      if (last?.tag !== tag) throw cannotParse(`Unmatched end tag, expected "</${last?.tag ?? ''}>", found "</${tag}>"`);
      const { offset, url } = last;
      if (text.length > offset)
        entities.push({ type: TAGS[tag] ?? '', offset, length: text.length - offset, ...(url !== undefined && { url }) });
    }
  }
  if (open.length > 0) throw cannotParse(`Can't find end tag corresponding to start tag "${open.at(-1)?.tag}"`);
  return { text, entities };
}

function trim({ text, entities }: FormattedText): FormattedText {
  const trimmed = text.trim();
  const before = text.length - text.trimStart().length;
  return {
    text: trimmed,
    entities: entities.flatMap(({ offset, length, ...rest }) => {
      const [start, end] = [Math.max(0, offset - before), Math.min(trimmed.length, offset + length - before)];
      return end > start ? [{ ...rest, offset: start, length: end - start } as TelegramEntity] : [];
    }),
  };
}

function cannotParse(why: string): Error {
  return badRequest(`can't parse entities: ${why}`);
}
