import { ref } from 'vue';

/** The colors: the system's, or light or dark. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'crossdock-theme';
const isTheme = (value: unknown): value is Theme => value === 'system' || value === 'light' || value === 'dark';

/** The current theme. */
export const theme = ref<Theme>('system');

/** Applies the theme that this browser stored. Pages in a frame call neither this nor `chooseTheme`. */
export function restoreTheme(): void {
  const kept = readKept();
  if (isTheme(kept)) apply(kept);
}

/** Applies a theme and stores it in this browser. */
export function chooseTheme(chosen: Theme): void {
  apply(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is not accessible. The choice lasts until the page is closed.
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
