import { reactive } from 'vue';

/** A short message at the edge of the page. */
export interface Note {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
}

/** Milliseconds that a message stays if it needs no answer. */
const STAYS_MS = 6_000;

/** The visible messages, the oldest first. */
export const notes: Note[] = reactive([]);
let last = 0;

/** Shows a message. An error stays until it is dismissed. */
export function showNote(text: string, tone: Note['tone'] = 'good'): void {
  const id = ++last;
  notes.push({ id, text, tone });
  if (tone !== 'bad') setTimeout(() => dismissNote(id), STAYS_MS);
}

/** Removes a message. */
export function dismissNote(id: number): void {
  const index = notes.findIndex((note) => note.id === id);
  if (index >= 0) notes.splice(index, 1);
}
