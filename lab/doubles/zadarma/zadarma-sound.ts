/** A frame of MPEG 1 layer III, 32 kbit/s, 44.1 kHz, mono. Zeros after its header are silence. */
const FRAME = { header: [0xff, 0xfb, 0x10, 0xc4], bytes: 104, samples: 1_152, rate: 44_100 };

/** Some seconds of silence as an MP3 file, which players play. */
export function silence(seconds: number): Buffer {
  const frame = Buffer.alloc(FRAME.bytes);
  frame.set(FRAME.header);
  return Buffer.concat(Array<Buffer>(Math.ceil((seconds * FRAME.rate) / FRAME.samples)).fill(frame));
}
