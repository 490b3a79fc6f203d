/** Puts PDF files together in one, page after page. A single file is returned unchanged. */
export async function mergePdfs(files: readonly Uint8Array[]): Promise<Uint8Array> {
  const [only, ...others] = files;
  if (only && others.length === 0) return only;
  // Loaded when it is needed: most processes never print, and loading it delays the start of every one.
  const { PDFDocument } = await import('@cantoo/pdf-lib');
  const whole = await PDFDocument.create();
  for (const file of files) {
    const part = await PDFDocument.load(file);
    for (const page of await whole.copyPages(part, part.getPageIndices())) whole.addPage(page);
  }
  return whole.save();
}
