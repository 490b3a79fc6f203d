/* Generated from contract/ by generator/generate.mjs. Do not edit: run `npm run generate:crm-types`. */

/** The CRM's wire: types, enums, the table of methods and the runtime schema. All that the sandbox CRM shares with the modules. */
export * from './enums.js';
export * from './methods.js';
export * from './schema-data.js';
export * from './types.js';
export * from '../method-spec.js';
export * from '../schema.js';
