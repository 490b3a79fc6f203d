import 'reflect-metadata';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUpToDate, keepState } from './state.js';

/** Folder of the compiled code, which contains this file. */
const dist = fileURLToPath(new URL('../../../', import.meta.url));

// Writes dist/openapi/api.json and callbacks.json from the compiled code, unless nothing has changed.
// Loading the modules that write them takes seconds.
if (!isUpToDate(dist)) {
  const { writeDocuments } = await import('./write-documents.js');
  keepState(dist, await writeDocuments(dist, join(dist, '..')));
  // Modules that were created but not started may have timers.
  process.exit(0);
}
