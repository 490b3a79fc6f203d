import type { Language } from '../kit/index.js';

/** What the server writes into the page for its start. */
export interface Start {
  /** Bearer of the page's API; it lives in memory only. */
  readonly token: string;
  readonly language: Language;
  /** Code of the module, as in the page's address. */
  readonly module: string;
}

/** Reads it, and takes it out of the document. */
export function readStart(): Start {
  const element = document.getElementById('start');
  if (!element?.textContent) throw new Error('The page has no start');
  element.remove();
  return JSON.parse(element.textContent) as Start;
}
