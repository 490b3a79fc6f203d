import { type Component, defineAsyncComponent } from 'vue';
import UiLoading from './UiLoading.vue';

/**
 * A component whose file is loaded when it is first shown, so that it does not delay a page's first view.
 * `UiMenuShell` reports a file that could not be loaded.
 */
export function loadWhenShown<Loaded extends Component>(load: () => Promise<{ default: Loaded }>): Loaded {
  return defineAsyncComponent({ loader: load, loadingComponent: UiLoading }) as Loaded;
}
