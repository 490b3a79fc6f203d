export { CopurchaseModule, copurchaseSchema } from './copurchase.module.js';
export { CopurchaseProvider } from './copurchase.provider.js';
export { CopurchaseSettings } from './copurchase.settings.js';
export { copurchaseManifest } from './copurchase.manifest.js';
