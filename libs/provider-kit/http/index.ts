export { type ByteRange, cutStream } from './byte-range.js';
export { HttpClient } from './http-client.js';
export type { HttpClientOptions, HttpRequest, HttpStream, HttpStreamLimits } from './http-client.js';
export { openForm, type UploadedFile } from './multipart.js';
export { HttpReply } from './http-reply.js';
export { sayAway, sayCredentialsRefused, sayLate, sayLost, sayNotThere, sayTooOften } from './http-texts.js';
export { readRetryAfter } from './retry-after.js';
export { type ExchangeObserver, noteWire, observeExchanges, type ObservedExchange } from './observed-exchange.js';
export type { HttpParameters } from './parameters.js';
