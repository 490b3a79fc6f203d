import { type Ref, ref } from 'vue';
import { showNote } from '../../kit/index.js';

/** Runs the actions of a notice's buttons and shows their errors. `busy` while one runs. */
export function useBusy(): { busy: Ref<boolean>; act(work: () => Promise<void>): Promise<void> } {
  const busy = ref(false);
  return {
    busy,
    async act(work) {
      busy.value = true;
      try {
        await work();
      } catch (error) {
        showNote((error as Error).message, 'bad');
      } finally {
        busy.value = false;
      }
    },
  };
}
