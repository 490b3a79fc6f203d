import { buffer } from 'node:stream/consumers';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';

/** A file of a form. */
export interface FormFile {
  /** Name of its part. */
  part: string;
  /** Name of the file. */
  name: string;
  mimeType: string;
  bytes: Buffer;
}

/** Reads a multipart form, however a client writes the headers of parts. Rejects if it cannot be read. */
export function readForm(body: Buffer, headers: BusboyHeaders): Promise<{ fields: [string, string][]; uploads: FormFile[] }> {
  const fields: [string, string][] = [];
  const files: Promise<FormFile>[] = [];
  return new Promise((resolve, reject) => {
    const parser = new Busboy({ headers, limits: { fieldSize: body.length } });
    parser.on('field', (name, value) => fields.push([name, value]));
    parser.on('file', (part, stream, name, _encoding, mimeType) =>
      files.push(buffer(stream).then((bytes) => ({ part, name, mimeType, bytes }))),
    );
    parser.on('error', reject);
    parser.on('finish', () => void Promise.all(files).then((uploads) => resolve({ fields, uploads }), reject));
    parser.end(body);
  });
}
