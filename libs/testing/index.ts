export * from './builders.js';
export * from './doubles/asterisk/index.js';
export * from './doubles/cdek/index.js';
export * from './doubles/fake-carrier/index.js';
export { FakeCarrierProvider, FakeCarrierSettings } from './doubles/fake-carrier/adapter/index.js';
export * from './faulty-proxy.js';
export * from './http-double.js';
export * from './memory-cache.js';
export * from './pdf.js';
