import type { Schema } from '../database/index.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { Operators1764000700500 } from './migrations/1764000700500-operators.js';
import { SessionIds1764000910000 } from './migrations/1764000910000-session-ids.js';

export * from './audit-entry.entity.js';
export * from './audit-trail.js';
export * from './operator-access.js';
export * from './operator-scope.js';
export * from './operator-sessions.js';
export * from './protect-operator.js';
export * from './session-cookie.js';

/** Entities and migrations of this folder. */
export const operatorsSchema: Schema = { entities: [AuditEntryEntity], migrations: [Operators1764000700500, SessionIds1764000910000] };
