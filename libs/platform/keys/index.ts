export { type KeyUse, ReEncryption } from './re-encryption.js';
