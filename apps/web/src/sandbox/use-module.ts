import { computed, type ComputedRef, ref, type WritableComputedRef } from 'vue';
import type { ModuleView } from './control-types.js';
import { modules } from './live.js';
import { listWith } from './registration.js';

/** The modules that support an integration, and the module that a screen uses. */
export interface ModuleChoice {
  readonly able: ComputedRef<ModuleView[]>;
  /** Missing if no module works. */
  readonly module: ComputedRef<ModuleView | undefined>;
  /** Code of `module`. Setting it chooses another module. */
  readonly code: WritableComputedRef<string>;
}

/** Lets a screen choose among the modules of an integration. `prefer` is the initial choice. */
export function useModule(
  integration: string,
  prefer: (able: readonly ModuleView[]) => string | undefined = () => undefined,
): ModuleChoice {
  const able = computed(() => listWith(modules.data.value, integration));
  const chosen = ref<string>();
  const find = (code: string | undefined): ModuleView | undefined => able.value.find((one) => one.code === code);
  const module = computed(() => find(chosen.value) ?? find(prefer(able.value)) ?? able.value[0]);
  const code = computed({ get: () => module.value?.code ?? '', set: (value) => void (chosen.value = value) });
  return { able, module, code };
}
