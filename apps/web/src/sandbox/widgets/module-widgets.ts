import { loadWhenShown } from '../../kit/index.js';

/** With the vendor's components, which are larger than all screens together. */
export const ModuleWidgets = loadWhenShown(() => import('./ModuleWidgets.vue'));
