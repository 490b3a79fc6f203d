export { FakePbxProvider } from './fake-pbx.provider.js';
export { FakePbxSettings } from './fake-pbx.settings.js';
