export { FakePbx } from './fake-pbx.js';
