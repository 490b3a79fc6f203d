import { ref } from 'vue';

/** The colours: those of the system, or chosen. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'crossdock-theme';
const isTheme = (value: unknown): value is Theme => value === 'system' || value === 'light' || value === 'dark';

/** The theme that is shown. */
export const theme = ref<Theme>('system');

/** Shows the theme that was chosen here before. Pages in a frame call neither this nor `chooseTheme`. */
export function restoreTheme(): void {
  const kept = readKept();
  if (isTheme(kept)) apply(kept);
}

/** Shows a theme and keeps it in this browser. */
export function chooseTheme(chosen: Theme): void {
  apply(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is closed to us; the choice lasts until the page is left.
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function apply(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
