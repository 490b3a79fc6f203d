export { Journal } from './journal.js';
export type { JournalBody, JournalEntry, JournalKind } from './journal-entry.js';
export { JournalEntryEntity } from './journal.entity.js';
export { JournalModule, journalSchema } from './journal.module.js';
export * from './journal-reader.js';
export type { StoredBody } from './mask/mask-body.js';
export { listSubjectsOf, type SubjectKind, Subjects, toSubject } from './subjects.js';
