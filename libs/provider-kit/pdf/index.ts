export { mergePdfs } from './merge-pdfs.js';
export { PdfDocument, toPoints } from './pdf-document.js';
export type { Box, PdfOptions, TextStyle } from './pdf-document.js';
export type { FontName } from './fonts.js';
export { encodeCode128, encodeQrCode } from './symbols.js';
export type { BarSymbol, SymbolBar } from './symbols.js';
export { drawTable } from './table.js';
export type { TableColumn, TableOptions } from './table.js';
