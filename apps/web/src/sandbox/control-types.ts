export type * from '../../../../lab/sandbox-crm/src/control/control-types.js';
