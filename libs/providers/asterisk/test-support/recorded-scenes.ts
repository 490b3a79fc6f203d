import { readFileSync } from 'node:fs';

/** A line of a recording: an event of a scene, `ms` milliseconds after the scene began. */
export interface Recorded extends Record<string, string | number> {
  scene: string;
  ms: number;
}

/** Events of an Asterisk 22 with real phones by scene, cut to the relevant fields, with fictional numbers. */
export const scenes: ReadonlyMap<string, readonly Recorded[]> = read();

function read(): Map<string, Recorded[]> {
  const found = new Map<string, Recorded[]>();
  for (const file of ['incoming', 'everyday']) {
    const lines = readFileSync(new URL(`${file}.jsonl`, import.meta.url), 'utf8')
      .trim()
      .split('\n');
    for (const event of lines.map((line) => JSON.parse(line) as Recorded))
      found.set(event.scene, [...(found.get(event.scene) ?? []), event]);
  }
  return found;
}
