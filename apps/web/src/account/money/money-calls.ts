import type { Schemas } from '../api.js';

type Money = Schemas['MoneyView'];

/** The description of an uploaded file. */
export type RegisterFile = Partial<Record<'provider' | 'total', string>> & {
  readonly number: string;
  readonly kind: 'payout' | 'bill';
  readonly date: string;
  readonly currency: string;
  readonly dryRun?: boolean;
  readonly skipBad?: boolean;
};

/** The calls of the money pages: the account page and the console have their own routes. */
export interface MoneyCalls {
  read(signal: AbortSignal): Promise<Money>;
  listSubjects(query: { service: string; day: string; currency: string }): Promise<Schemas['MoneySubject'][]>;
  readFile(): Promise<Blob>;
  /** Missing if the reader may only look. */
  readonly acts?: MoneyActs;
}

/** The calls with an effect. */
export interface MoneyActs {
  change(id: string, body: Schemas['MoneyDifferenceDto']): Promise<Money>;
  saveSettings(body: Schemas['MoneySettingsDto']): Promise<Money>;
  enterInvoice(id: string, body: Schemas['InvoiceDto']): Promise<Schemas['InvoiceOffer']>;
  upload(query: RegisterFile, file: Blob): Promise<Schemas['RegisterUpload']>;
}

/** Options of `openapi-fetch` for a file as the body. */
export const FILE_BODY = { headers: { 'content-type': 'text/csv' }, bodySerializer: (file: unknown) => file as Blob };
