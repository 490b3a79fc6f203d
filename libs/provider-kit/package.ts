/** The exports of `@crossdock/provider-kit`: the kit, and the parts of the platform for providers. */
export * from '#platform/plain';
export * from './index.js';
