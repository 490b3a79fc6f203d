export { MaxDouble } from './max-double.js';
export type { MaxChat, MaxContent, MaxMessage, MaxPerson } from './max-records.js';
export type { MaxCall } from './max-wire.js';
