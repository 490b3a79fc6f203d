import { inflateSync } from 'node:zlib';

/** A page of a PDF, as far as specs look at it. */
export interface PdfPage {
  /** Width and height in millimetres, rounded. */
  size: [number, number];
  /** All text in the order it is drawn, a line for each piece placed. */
  text: string;
}

/**
 * Reads a PDF's pages with their text, as PDF libraries write them, without encryption, images or form
 * objects. Throws when the bytes are not a PDF or have no page.
 */
export function pdfPages(bytes: Uint8Array): PdfPage[] {
  const source = Buffer.from(bytes);
  if (source.subarray(0, 5).toString('latin1') !== '%PDF-') throw new Error('not a PDF: it does not start with %PDF-');
  const objects = readObjects(source);
  const root =
    /\/Root\s+(\d+)\s+\d+\s+R/.exec(source.toString('latin1')) ??
    [...objects.values()].map(({ dict }) => /\/Root\s+(\d+)\s+\d+\s+R/.exec(dict)).find(Boolean);
  const catalog = objects.get(Number(root?.[1]));
  const tree = referenceIn(catalog?.dict ?? '', 'Pages');
  if (tree === undefined) throw new Error('not a PDF: it has no page tree');
  const pages = [...leavesOf(objects, tree, '')];
  if (pages.length === 0) throw new Error('the PDF has no pages');
  return pages;
}

/** A PDF of these pages, each a title and lines below it. Latin text only. `size`: points. */
export async function drawPages(size: [number, number], pages: readonly (readonly string[])[]): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ size, margin: 20, autoFirstPage: false });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (const [title = '', ...lines] of pages) {
    document.addPage();
    document.fontSize(14).text(title);
    document.fontSize(9);
    for (const line of lines) document.text(line);
  }
  document.end();
  return done;
}

interface PdfObject {
  dict: string;
  stream?: Buffer;
}
type Objects = ReadonlyMap<number, PdfObject>;

function readObjects(source: Buffer): Objects {
  const text = source.toString('latin1');
  const objects = new Map<number, PdfObject>();
  const header = /(\d+)\s+\d+\s+obj\b/g;
  for (let match = header.exec(text); match !== null; match = header.exec(text)) {
    const start = header.lastIndex;
    const end = text.indexOf('endobj', start);
    const opening = /stream\r?\n/g;
    opening.lastIndex = start;
    const stream = opening.exec(text);
    if (stream === null || (end !== -1 && stream.index > end)) {
      objects.set(Number(match[1]), { dict: text.slice(start, end === -1 ? undefined : end) });
      header.lastIndex = end === -1 ? text.length : end;
      continue;
    }
    const dict = text.slice(start, stream.index);
    const length = /\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dict);
    const from = stream.index + stream[0].length;
    const to = length ? from + Number(length[1]) : text.indexOf('endstream', from);
    const raw = source.subarray(from, to);
    objects.set(Number(match[1]), { dict, stream: /\/FlateDecode/.test(dict) ? inflateSync(raw) : raw });
    header.lastIndex = to;
  }
  for (const { dict, stream } of [...objects.values()]) {
    if (stream === undefined || !/\/Type\s*\/ObjStm/.test(dict)) continue;
    const first = numberIn(dict, 'First');
    const index = stream.subarray(0, first).toString('latin1').trim().split(/\s+/).map(Number);
    const body = stream.toString('latin1');
    for (let i = 0; i + 1 < index.length; i += 2) {
      const [number = 0, offset = 0, , next] = index.slice(i, i + 4);
      objects.set(number, { dict: body.slice(first + offset, next === undefined ? undefined : first + next) });
    }
  }
  return objects;
}

function* leavesOf(objects: Objects, number: number, inherited: string): Generator<PdfPage> {
  const node = objects.get(number);
  if (node === undefined) return;
  const kids = /\/Kids\s*\[([^\]]*)\]/.exec(node.dict);
  // Resources and sizes of a node hold for the pages under it.
  const known = `${node.dict}\n${inherited}`;
  if (kids !== null) {
    for (const kid of referencesIn(kids[1] ?? '')) yield* leavesOf(objects, kid, known);
    return;
  }
  const box = /\/MediaBox\s*\[\s*([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)/.exec(known);
  const [left = 0, bottom = 0, right = 0, top = 0] = (box ?? []).slice(1).map(Number);
  const contents = /\/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)/.exec(node.dict)?.[1] ?? '';
  const content = Buffer.concat(
    referencesIn(contents).map((one) => Buffer.concat([objects.get(one)?.stream ?? Buffer.alloc(0), Buffer.from('\n')])),
  );
  yield {
    size: [Math.round(((right - left) / 72) * 25.4), Math.round(((top - bottom) / 72) * 25.4)],
    text: readText(content.toString('latin1'), readFonts(objects, known)),
  };
}

type Decode = (bytes: Buffer) => string;

function readFonts(objects: Objects, dict: string): ReadonlyMap<string, Decode> {
  const resources = referenceIn(dict, 'Resources');
  const where = resources === undefined ? dict : (objects.get(resources)?.dict ?? '');
  const shared = referenceIn(where, 'Font');
  const list = shared === undefined ? (/\/Font\s*<<([^>]*)>>/.exec(where)?.[1] ?? '') : (objects.get(shared)?.dict ?? '');
  return new Map(
    [...list.matchAll(/\/(\S+)\s+(\d+)\s+\d+\s+R/g)].map(([, name = '', number]): [string, Decode] => {
      const map = referenceIn(objects.get(Number(number))?.dict ?? '', 'ToUnicode');
      const table = map === undefined ? undefined : objects.get(map)?.stream;
      return [name, table === undefined ? (bytes) => bytes.toString('latin1') : buildDecoder(table.toString('latin1'))];
    }),
  );
}

/** A decoder by a ToUnicode map of two-byte codes. */
function buildDecoder(map: string): Decode {
  const table = new Map<number, string>();
  const unicode = (hex: string): string => Buffer.from(hex.replace(/\s/g, ''), 'hex').swap16().toString('utf16le');
  for (const [, block = ''] of map.matchAll(/beginbfchar([^]*?)endbfchar/g)) {
    for (const [, code = '', text = ''] of block.matchAll(/<([\da-f]+)>\s*<([\da-f\s]+)>/gi)) table.set(parseInt(code, 16), unicode(text));
  }
  for (const [, block = ''] of map.matchAll(/beginbfrange([^]*?)endbfrange/g)) {
    for (const [, low = '', high = '', list, single] of block.matchAll(/<([\da-f]+)>\s*<([\da-f]+)>\s*(?:\[([^\]]*)\]|<([\da-f\s]+)>)/gi)) {
      const first = parseInt(low, 16);
      if (list !== undefined)
        [...list.matchAll(/<([\da-f\s]+)>/gi)].forEach(([, text = ''], index) => table.set(first + index, unicode(text)));
      else if (single !== undefined) {
        const last = parseInt(high, 16);
        const base = unicode(single);
        for (let code = first; code <= last; code++) {
          table.set(code, base.slice(0, -1) + String.fromCharCode(base.charCodeAt(base.length - 1) + code - first));
        }
      }
    }
  }
  return (bytes) => {
    let text = '';
    for (let i = 0; i + 1 < bytes.length; i += 2) text += table.get(bytes.readUInt16BE(i)) ?? '';
    return text;
  };
}

const TOKEN = /\((?:\\[^]|[^\\()])*\)|<[\da-fA-F\s]*>|\/[^\s/<>()[\]]+|[^\s/<>()[\]]+|[[\]]/g;

function readText(content: string, fonts: ReadonlyMap<string, Decode>): string {
  let text = '';
  let decode: Decode = (bytes) => bytes.toString('latin1');
  let name = '';
  let pending = '';
  for (const [token] of content.matchAll(TOKEN)) {
    if (token.startsWith('/')) name = token.slice(1);
    else if (token.startsWith('(')) pending += decode(Buffer.from(unescaped(token.slice(1, -1)), 'latin1'));
    else if (token.startsWith('<')) pending += decode(Buffer.from(token.replace(/[<>\s]/g, ''), 'hex'));
    else if (token === 'Tf') decode = fonts.get(name) ?? decode;
    else if (token === 'Tj' || token === 'TJ' || token === "'" || token === '"') {
      text += pending;
      pending = '';
    } else if (token === 'ET' || token === 'Td' || token === 'TD' || token === 'T*' || token === 'Tm') text += '\n';
  }
  return text.replace(/\n+/g, '\n').trim();
}

function unescaped(literal: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return literal.replace(/\\([0-7]{1,3}|[^])/g, (_all, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(parseInt(code, 8)) : (named[code] ?? code),
  );
}

function referenceIn(dict: string, key: string): number | undefined {
  const match = new RegExp(`/${key}\\s+(\\d+)\\s+\\d+\\s+R`).exec(dict);
  return match ? Number(match[1]) : undefined;
}

function referencesIn(list: string): number[] {
  return [...list.matchAll(/(\d+)\s+\d+\s+R/g)].map(([, number]) => Number(number));
}

function numberIn(dict: string, key: string): number {
  return Number(new RegExp(`/${key}\\s+(\\d+)`).exec(dict)?.[1] ?? 0);
}
