import { reactive } from 'vue';

/** A short message at the edge of the page. */
export interface Note {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
}

/** How long a message that needs no answer stays, milliseconds. */
const STAYS_MS = 6_000;

/** The messages that are shown, the oldest first. */
export const notes: Note[] = reactive([]);
let last = 0;

/** Shows a message; one of an error stays until it is dismissed. */
export function showNote(text: string, tone: Note['tone'] = 'good'): void {
  const id = ++last;
  notes.push({ id, text, tone });
  if (tone !== 'bad') setTimeout(() => dismissNote(id), STAYS_MS);
}

/** Takes a message away. */
export function dismissNote(id: number): void {
  const index = notes.findIndex((note) => note.id === id);
  if (index >= 0) notes.splice(index, 1);
}
