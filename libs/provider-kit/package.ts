/** What `@crossdock/provider-kit` exports: the kit, and what of the platform a provider is written with. */
export * from '#platform/plain';
export * from './index.js';
