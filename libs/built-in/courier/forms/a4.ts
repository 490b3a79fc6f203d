import type { Language } from '#platform';
import type { Box, PdfDocument } from '#provider-kit';
import { getWords } from './form-texts.js';

/** A4 and the area that the forms use, in millimetres. */
export const A4 = [210, 297] as const;
export const LEFT = 13;
export const TOP = 12;
export const WIDE = 184;
export const BOTTOM = 279;

/** Writes `1 of n` and a text on every page from `first` on. */
export function numberPages(document: PdfDocument, first: number, language: Language, text: string): void {
  const word = getWords(language);
  const count = document.pages - first;
  for (let page = 0; page < count; page++) {
    document.switchToPage(first + page);
    document.drawText(text, { x: LEFT, y: 284, width: 120, height: 5 }, { size: 8, minSize: 6, color: '#444444' });
    const number = `${word('page')} ${page + 1} ${word('of')} ${count}`;
    document.drawText(number, { x: 140, y: 284, width: LEFT + WIDE - 140, height: 5 }, { size: 8, align: 'right', color: '#444444' });
  }
}

/** Draws a line for a signature, with the signer above and a caption below. */
export function signature(document: PdfDocument, who: string, what: string, { x, y, width }: Box): void {
  document.drawText(who, { x, y, width, height: 5 }, { size: 9.5, minSize: 7, font: 'bold' });
  document.drawLine([x, y + 14], [x + width, y + 14], 0.5);
  document.drawText(what, { x, y: y + 14.7, width, height: 4 }, { size: 7, color: '#444444' });
}
