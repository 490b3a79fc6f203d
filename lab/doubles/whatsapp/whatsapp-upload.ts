import { buffer } from 'node:stream/consumers';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../../../libs/testing/double/refusal.js';

/** An uploaded form with one file. */
export interface WhatsAppUpload {
  fields: ReadonlyMap<string, string>;
  name: string;
  mimeType: string;
  bytes: Buffer;
}

/** Reads a multipart form with the file in `file`. Throws Refusal. */
export function readUpload(body: Buffer, headers: IncomingHttpHeaders): Promise<WhatsAppUpload> {
  const wrong = new Refusal(400, '100', '(#100) Param file must be a file.');
  const fields = new Map<string, string>();
  let found: Promise<Omit<WhatsAppUpload, 'fields'>> | undefined;
  return new Promise((resolve, reject) => {
    try {
      const parser = new Busboy({ headers: headers as BusboyHeaders });
      parser.on('field', (name, value) => fields.set(name, value));
      parser.on('file', (part, stream, name, _encoding, mimeType) => {
        if (part !== 'file') return void stream.resume();
        found = buffer(stream).then((bytes) => ({ name, mimeType, bytes }));
      });
      parser.on('error', () => reject(wrong));
      parser.on('finish', () => void (found?.then((file) => resolve({ fields, ...file }), reject) ?? reject(wrong)));
      parser.end(body);
    } catch {
      reject(wrong);
    }
  });
}
