export { FakePbx, type FakePbxOptions } from './fake-pbx.js';
