import { type Component, defineAsyncComponent } from 'vue';
import UiLoading from './UiLoading.vue';

/**
 * A component whose file is loaded when it is first shown, so that it is no part of a page's first view. That
 * the file could not be loaded `UiMenuShell` says.
 */
export function loadWhenShown<Loaded extends Component>(load: () => Promise<{ default: Loaded }>): Loaded {
  return defineAsyncComponent({ loader: load, loadingComponent: UiLoading }) as Loaded;
}
