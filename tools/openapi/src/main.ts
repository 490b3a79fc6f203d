import 'reflect-metadata';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUpToDate, keepState } from './state.js';

/** Folder of the compiled code, in which this runs. */
const dist = fileURLToPath(new URL('../../../', import.meta.url));

// Writes dist/openapi/api.json and callbacks.json out of the compiled code, unless nothing has changed.
// Loading what writes them takes seconds.
if (!isUpToDate(dist)) {
  const { writeDocuments } = await import('./write-documents.js');
  keepState(dist, await writeDocuments(dist, join(dist, '..')));
  // Modules that were put together but not started may hold timers.
  process.exit(0);
}
