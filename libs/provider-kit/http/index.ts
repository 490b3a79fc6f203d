export { HttpClient } from './http-client.js';
export type { HttpClientOptions, HttpParameters, HttpRequest } from './http-client.js';
export type { BreakerOptions } from './breakers.js';
export { HttpReply } from './http-reply.js';
