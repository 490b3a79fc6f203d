export { TestpayModule, testpaySchema } from './testpay.module.js';
export { TestpayProvider } from './testpay.provider.js';
export { TestpaySettings, TestpayShop } from './testpay.settings.js';
export { TEST_CARDS, type TestCard } from './test-cards.js';
export { testpayManifest } from './testpay.manifest.js';
