import type { Schema } from '../database/index.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { OperatorsBaseline1765000000600 } from './migrations/1765000000600-operators-baseline.js';

export * from './audit-entry.entity.js';
export * from './audit-trail.js';
export * from './operator-access.js';
export * from './operator-scope.js';
export * from './operator-sessions.js';
export * from './protect-operator.js';
export * from './session-cookie.js';

/** Entities and migrations of this folder. */
export const operatorsSchema: Schema = { entities: [AuditEntryEntity], migrations: [OperatorsBaseline1765000000600] };
