export type * from '../../../../tools/sandbox-crm/src/control/control-types.js';
