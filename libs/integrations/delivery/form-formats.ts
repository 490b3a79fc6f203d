import type { DeliveryManifest, FormFormat, PrintedForm } from './port/index.js';

/** Media type of each format, and the text that begins its files. Extensions are the formats' names. */
export const FORMATS: Readonly<Record<FormFormat, { mediaType: string; mark: string }>> = {
  pdf: { mediaType: 'application/pdf', mark: '%PDF-' },
  zpl: { mediaType: 'application/zpl', mark: '^XA' },
};

/** Whether the CRM can show the form. */
export function isPdf({ format = 'pdf' }: PrintedForm): boolean {
  return format === 'pdf';
}

/** Returns a form's format. `pdf` if the manifest has no such form. */
export function findFormat(
  { forms }: Pick<DeliveryManifest<object>, 'forms'>,
  { entity, form }: { entity: PrintedForm['entity']; form: string },
): FormFormat {
  return forms.find((one) => one.entity === entity && one.code === form)?.format ?? 'pdf';
}
