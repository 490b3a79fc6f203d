export { HttpClient } from './http-client.js';
export type { HttpClientOptions, HttpParameters, HttpRequest } from './http-client.js';
export { HttpReply } from './http-reply.js';
