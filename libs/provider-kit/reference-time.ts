/** When a reference was made, in milliseconds since 1970: a version 7 UUID begins with it. Else undefined. */
export function readReferenceTime(reference: string): number | undefined {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(reference) ? Number.parseInt(reference.slice(0, 13).replace('-', ''), 16) : undefined;
}
