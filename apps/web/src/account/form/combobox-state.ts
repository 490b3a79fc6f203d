/** The list under a field with a lookup, as keys move it. It knows nothing of the browser. */
import type { LookupItem } from './lookups.js';

/** The list, and which of its items is marked: -1 for none. */
export interface ComboboxState {
  items: readonly LookupItem[];
  isOpen: boolean;
  active: number;
}

/** What a key did. */
export interface KeyStep {
  state: ComboboxState;
  /** An item that was chosen. */
  chosen?: LookupItem;
  /** The list has to be searched for. */
  opens?: boolean;
  /** The browser shall not act on the key too. */
  isTaken: boolean;
}

/** No list. */
export const CLOSED: ComboboxState = { items: [], isOpen: false, active: -1 };

/** Opens a list on the field's own item; without it on the first when `isByKey`, else on none. */
export function openList(items: readonly LookupItem[], text: string, isByKey: boolean): ComboboxState {
  if (items.length === 0) return CLOSED;
  const own = items.findIndex(({ value }) => String(value) === text.trim());
  return { items, isOpen: true, active: own === -1 && isByKey ? 0 : own };
}

/** Moves the mark, chooses or closes. What was typed stays unless an item is chosen. */
export function pressKey(state: ComboboxState, key: string): KeyStep {
  const { items, isOpen, active } = state;
  if (!isOpen) {
    const opens = key === 'ArrowDown' || key === 'ArrowUp';
    return { state, opens, isTaken: opens };
  }
  const chosen = items[active];
  switch (key) {
    case 'ArrowDown':
      return { state: { ...state, active: (active + 1) % items.length }, isTaken: true };
    case 'ArrowUp':
      return { state: { ...state, active: active <= 0 ? items.length - 1 : active - 1 }, isTaken: true };
    case 'Enter':
      return { state: CLOSED, isTaken: true, ...(chosen && { chosen }) };
    case 'Tab':
      return { state: CLOSED, isTaken: false, ...(chosen && { chosen }) };
    case 'Escape':
      return { state: CLOSED, isTaken: true };
    default:
      return { state, isTaken: false };
  }
}
