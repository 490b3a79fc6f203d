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
