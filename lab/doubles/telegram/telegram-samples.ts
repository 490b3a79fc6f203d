import { crc32, deflateSync } from 'node:zlib';

/** An image's own data about its size. */
export interface ImageSize {
  mimeType: string;
  width: number;
  height: number;
}

/** Size and type of a JPEG, PNG, GIF or WebP. Undefined for anything else. */
export function readImage(bytes: Buffer): ImageSize | undefined {
  if (bytes.length > 24 && bytes.subarray(1, 4).toString('latin1') === 'PNG')
    return { mimeType: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (bytes.length > 10 && bytes.subarray(0, 3).toString('latin1') === 'GIF')
    return { mimeType: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (bytes.length >= 30 && bytes.subarray(8, 16).toString('latin1') === 'WEBPVP8X')
    return { mimeType: 'image/webp', width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8) return readJpeg(bytes);
  return undefined;
}

/** The type of a sound by its first bytes, if it can be a voice message. Undefined for anything else. */
export function readSoundType(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 4).toString('latin1');
  if (start === 'OggS') return 'audio/ogg';
  if (start.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 && bytes[1] !== 0xd8)) return 'audio/mpeg';
  if (bytes.subarray(4, 11).toString('latin1') === 'ftypM4A') return 'audio/mp4';
  return undefined;
}

/** The parts of a JPEG that its size is read from, with at least `bytes` bytes. */
export function sampleJpeg(width: number, height: number, bytes = 0): Buffer {
  const frame = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0, 0xff, 0xd9]);
  frame.writeUInt16BE(height, 7);
  frame.writeUInt16BE(width, 9);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, bytes - frame.length), 'j')]);
}

/** A black PNG, with at least `bytes` bytes. */
export function samplePng(width: number, height: number, bytes = 0): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return Buffer.concat([png, Buffer.alloc(Math.max(0, bytes - png.length))]);
}

/** A WebP as far as its size is read. */
export function sampleWebp(width: number, height: number): Buffer {
  const webp = Buffer.alloc(30);
  webp.write('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0', 0, 'latin1');
  webp.writeUIntLE(width - 1, 24, 3);
  webp.writeUIntLE(height - 1, 27, 3);
  return webp;
}

/** A file that begins like one of its kind, with `bytes` bytes. */
export function sampleFile(kind: 'ogg' | 'mp3' | 'm4a' | 'mp4' | 'webm' | 'tgs' | 'pdf', bytes = 1_000): Buffer {
  const starts = {
    ogg: Buffer.from('OggS\0\x02', 'latin1'),
    mp3: Buffer.from('ID3\x04', 'latin1'),
    m4a: Buffer.from('\0\0\0\x20ftypM4A ', 'latin1'),
    mp4: Buffer.from('\0\0\0\x20ftypisom', 'latin1'),
    webm: Buffer.from('1a45dfa3', 'hex'),
    tgs: Buffer.from('1f8b0800', 'hex'),
    pdf: Buffer.from('%PDF-1.7\n', 'latin1'),
  };
  return Buffer.concat([starts[kind], Buffer.alloc(Math.max(0, bytes - starts[kind].length), kind)]);
}

function readJpeg(bytes: Buffer): ImageSize | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    // The frames C0..CF but for tables, which share the range.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { mimeType: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
  }
  return undefined;
}
