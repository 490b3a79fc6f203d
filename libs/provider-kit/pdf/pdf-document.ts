import { loadFont, type FontName } from './fonts.js';
import type { BarSymbol } from './symbols.js';

/** A rectangle of the page in millimetres from its upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How a text is set. Sizes are points. */
export interface TextStyle {
  size: number;
  /** Smallest size a long text shrinks to before it is cut with an ellipsis. By default `size`. */
  minSize?: number;
  font?: FontName;
  align?: 'left' | 'center' | 'right';
  /** Where in the box a text lower than it stands; `top` when missing. */
  vertical?: 'top' | 'middle' | 'bottom';
  color?: string;
}

/** Options of a document. `pageSize` is width and height in millimetres. */
export interface PdfOptions {
  pageSize: readonly [number, number];
  title: string;
  /** BCP 47. */
  language: string;
  /** The moment written into the document. */
  createdAt: Date;
}

const POINTS_A_MM = 72 / 25.4;
/** Height of a line in font sizes. DejaVu's letters with accents and tails need 1.164. */
const LINE = 1.18;
/** More of a text is never shown: no box on a page holds it. */
const LONGEST_TEXT = 3000;
const ELLIPSIS = '…';
/** No letter that matters is narrower, in font sizes. */
const NARROWEST = 0.15;

interface Lines {
  size: number;
  lines: string[];
}

/** Millimetres as PDF points. */
export function toPoints(millimetres: number): number {
  return millimetres * POINTS_A_MM;
}

/**
 * A PDF document: places in millimetres, drawing on the current page and kept within its box. Text is
 * embedded DejaVu (Latin, Cyrillic, Greek), bar codes are filled paths.
 */
export class PdfDocument {
  private readonly chunks: Buffer[] = [];
  private readonly ended: Promise<void>;
  private pageCount = 0;

  /** pdfkit takes a quarter of a second to load: a process that prints nothing never does. */
  static async open(options: PdfOptions): Promise<PdfDocument> {
    const { default: Pdf } = await import('pdfkit');
    const [width, height] = options.pageSize;
    const document = new Pdf({
      size: [toPoints(width), toPoints(height)],
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      compress: true,
      lang: options.language,
      displayTitle: true,
      // The default font would be Helvetica, which has no Cyrillic.
      font: '',
      info: { Title: options.title, Producer: 'Crossdock', Creator: 'Crossdock', CreationDate: options.createdAt },
    });
    return new PdfDocument(document);
  }

  private constructor(private readonly document: PDFKit.PDFDocument) {
    for (const name of ['regular', 'bold', 'mono'] as const) document.registerFont(name, loadFont(name));
    this.ended = new Promise((resolve, reject) => {
      document.on('data', (chunk: Buffer) => this.chunks.push(chunk));
      document.on('end', resolve);
      document.on('error', reject);
    });
  }

  /** Pages so far. The current one when no page was switched to. */
  get pages(): number {
    return this.pageCount;
  }

  addPage(): void {
    this.document.addPage();
    this.pageCount++;
  }

  /** Draws on an earlier page (the first is 0); `addPage` still adds at the end. */
  switchToPage(index: number): void {
    this.document.switchToPage(index);
  }

  /**
   * Wraps a text into a box, shrinks it if allowed, else cuts it with an ellipsis. Returns its height in
   * millimetres.
   */
  drawText(text: string, box: Box, style: TextStyle): number {
    this.document.font(style.font ?? 'regular').fillColor(style.color ?? 'black');
    const { size, lines } = this.fit(text, toPoints(box.width), toPoints(box.height), style);
    const used = (lines.length * size * LINE) / POINTS_A_MM;
    const spare = Math.max(0, box.height - used);
    let y = toPoints(box.y + (style.vertical === 'middle' ? spare / 2 : style.vertical === 'bottom' ? spare : 0));
    this.document.fontSize(size);
    for (const line of lines) {
      const room = toPoints(box.width) - this.document.widthOfString(line);
      const shift = style.align === 'right' ? room : style.align === 'center' ? room / 2 : 0;
      if (line !== '') this.document.text(line, toPoints(box.x) + Math.max(0, shift), y, { lineBreak: false });
      y += size * LINE;
    }
    return used;
  }

  /** Height in millimetres that the first lines of a text take at this width and the style's full size. */
  measureHeight(text: string, width: number, style: TextStyle, mostLines: number): number {
    this.document.font(style.font ?? 'regular');
    return (this.wrap(clean(text), toPoints(width), style.size, mostLines).length * style.size * LINE) / POINTS_A_MM;
  }

  /** A line; `width` is its own, points. */
  drawLine(from: readonly [number, number], to: readonly [number, number], width = 0.7): void {
    const [x1, y1] = from;
    const [x2, y2] = to;
    this.document.lineWidth(width).strokeColor('black').moveTo(toPoints(x1), toPoints(y1)).lineTo(toPoints(x2), toPoints(y2)).stroke();
  }

  drawFrame({ x, y, width, height }: Box, lineWidth = 0.7): void {
    this.document.lineWidth(lineWidth).strokeColor('black').rect(toPoints(x), toPoints(y), toPoints(width), toPoints(height)).stroke();
  }

  fillBox({ x, y, width, height }: Box, color = 'black'): void {
    this.document.rect(toPoints(x), toPoints(y), toPoints(width), toPoints(height)).fill(color);
  }

  /**
   * Draws a bar code as large as the box allows, with `quiet` empty modules on each side. Modules are whole
   * printer dots (8 per millimetre) if possible, for sharp bars. One-row symbols fill the height.
   */
  drawSymbol(symbol: BarSymbol, box: Box, quiet: number): void {
    const stretched = symbol.height === 1;
    const room = Math.min(box.width / (symbol.width + 2 * quiet), stretched ? Infinity : box.height / (symbol.height + 2 * quiet));
    const module = room >= 1 / 8 ? Math.floor(room * 8) / 8 : room;
    const height = stretched ? box.height : module;
    const x = box.x + (box.width - module * symbol.width) / 2;
    const y = stretched ? box.y : box.y + (box.height - module * symbol.height) / 2;
    for (const bar of symbol.bars) {
      this.document.rect(
        toPoints(x + bar.x * module),
        toPoints(y + bar.y * height),
        toPoints(bar.width * module),
        toPoints(bar.height * height),
      );
    }
    this.document.fill('black');
  }

  /** Ends the document and returns its bytes. */
  async end(): Promise<Uint8Array> {
    this.document.end();
    await this.ended;
    return Buffer.concat(this.chunks);
  }

  private fit(text: string, width: number, height: number, style: TextStyle): Lines {
    const cleaned = clean(text);
    const smallest = Math.min(style.minSize ?? style.size, style.size);
    let size = style.size;
    for (;;) {
      const most = Math.max(1, Math.floor((height + 0.01) / (size * LINE)));
      const lines = this.wrap(cleaned, width, size, most + 1);
      if (lines.length <= most) return { size, lines };
      if (size <= smallest) return { size, lines: [...lines.slice(0, most - 1), this.cut(lines.slice(most - 1).join(' '), width, size)] };
      size = Math.max(smallest, size - 0.5);
    }
  }

  /** The first `most` lines of a text, no wider than `width` points. A word wider than that is broken. */
  private wrap(text: string, width: number, size: number, most: number): string[] {
    this.document.fontSize(size);
    const space = this.document.widthOfString(' ');
    const lines: string[] = [];
    for (const paragraph of text.split('\n')) {
      let line = '';
      let used = 0;
      for (const word of paragraph.split(' ')) {
        if (word === '') continue;
        const wide = this.measureWidth(word, width, size);
        if (line !== '' && used + space + wide <= width) {
          line += ` ${word}`;
          used += space + wide;
          continue;
        }
        if (line !== '') lines.push(line);
        [line, used] = [word, wide];
        while (used > width && lines.length < most) {
          const characters = Array.from(line);
          const count = Math.max(1, this.countFitting(characters, width, size, ''));
          lines.push(characters.slice(0, count).join(''));
          line = characters.slice(count).join('');
          used = this.measureWidth(line, width, size);
        }
        if (lines.length >= most) return lines;
      }
      lines.push(line);
      if (lines.length >= most) return lines;
    }
    return lines;
  }

  private cut(text: string, width: number, size: number): string {
    const characters = Array.from(text);
    return (
      characters
        .slice(0, this.countFitting(characters, width, size, ELLIPSIS))
        .join('')
        .trimEnd() + ELLIPSIS
    );
  }

  /** How many of the characters fit the width with an ending after them: found by halving, a layout costs. */
  private countFitting(characters: readonly string[], width: number, size: number, ending: string): number {
    let fits = 0;
    let over = characters.length + 1;
    while (over - fits > 1) {
      const middle = (fits + over) >> 1;
      if (this.measureWidth(characters.slice(0, middle).join('').trimEnd() + ending, width, size) <= width) fits = middle;
      else over = middle;
    }
    return fits;
  }

  /** The width of a text. A text of far too many characters for `room` is not even laid out. */
  private measureWidth(text: string, room: number, size: number): number {
    return text.length * size * NARROWEST > room ? Infinity : this.document.widthOfString(text);
  }
}

/** Text fit for printing: no control characters, limited length, ordinary spaces for all breakable ones. */
function clean(text: string): string {
  return text
    .slice(0, LONGEST_TEXT)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\t ]+/g, ' ')
    .replace(/[^\P{C}\n]/gu, '')
    .trim();
}
