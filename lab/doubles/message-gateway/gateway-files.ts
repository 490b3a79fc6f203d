import { createHash, randomUUID } from 'node:crypto';
import { GatewayRefusal } from './gateway-refusal.js';

/** Most bytes of a file. */
export const MOST_FILE_BYTES = 20 * 1024 * 1024;

/** A file of a transport. */
export interface GatewayFile {
  /** UUID. */
  id: string;
  transport: string;
  /** SHA-256 of the bytes, hex. */
  hash: string;
  type: 'image' | 'audio' | 'video' | 'file';
  mimeType: string;
  /** Pixels, of a PNG. */
  meta: { width?: number; height?: number };
  createdAt: string;
  bytes: Buffer;
  /** Of speech, as a bot sets it. */
  transcription?: string;
  transcription_status?: string;
}

const SIGNATURES: readonly { start: string; at?: number; mimeType: string }[] = [
  { start: '89504e470d0a1a0a', mimeType: 'image/png' },
  { start: 'ffd8ff', mimeType: 'image/jpeg' },
  { start: '47494638', mimeType: 'image/gif' },
  { start: '57454250', at: 8, mimeType: 'image/webp' },
  { start: '4f676753', mimeType: 'audio/ogg' },
  { start: '494433', mimeType: 'audio/mpeg' },
  { start: '57415645', at: 8, mimeType: 'audio/wav' },
  { start: '66747970', at: 4, mimeType: 'video/mp4' },
  { start: '25504446', mimeType: 'application/pdf' },
];

/**
 * A file. Its bytes determine its type, else the header. Throws GatewayRefusal when it is empty or too large.
 */
export function buildFile(transport: string, bytes: Buffer, contentType = ''): GatewayFile {
  if (bytes.length === 0) throw new GatewayRefusal('File is empty');
  if (bytes.length > MOST_FILE_BYTES) throw new GatewayRefusal(`File is larger than ${MOST_FILE_BYTES} bytes`);
  const mimeType = findMimeType(bytes, contentType);
  const [kind] = mimeType.split('/');
  return {
    id: randomUUID(),
    transport,
    hash: createHash('sha256').update(bytes).digest('hex'),
    type: kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file',
    mimeType,
    meta: mimeType === 'image/png' && bytes.length >= 24 ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : {},
    createdAt: new Date().toISOString(),
    bytes,
  };
}

function findMimeType(bytes: Buffer, contentType: string): string {
  const known = SIGNATURES.find(({ start, at = 0 }) => bytes.subarray(at, at + start.length / 2).toString('hex') === start);
  if (known) return known.mimeType;
  const [said = ''] = contentType.split(';');
  // Clients post any bytes as JSON.
  return /^\w+\/[\w.+-]+$/.test(said) && said !== 'application/json' ? said : 'application/octet-stream';
}
