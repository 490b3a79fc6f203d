export { FakeSwitchboardProvider } from './fake-switchboard.provider.js';
