/** The list below a field with a lookup, and how keys move its mark. Does not depend on a browser. */
import type { LookupItem } from './lookups.js';

/** The list and the index of its marked item, -1 if no item is marked. */
export interface ComboboxState {
  items: readonly LookupItem[];
  isOpen: boolean;
  active: number;
}

/** The result of a key press. */
export interface KeyStep {
  state: ComboboxState;
  /** The item that was chosen. */
  chosen?: LookupItem;
  /** The list has to be searched. */
  opens?: boolean;
  /** The browser must not handle the key as well. */
  isTaken: boolean;
}

/** A closed list. */
export const CLOSED: ComboboxState = { items: [], isOpen: false, active: -1 };

/** Opens a list with the field's own item marked. Otherwise marks the first item if `isByKey`, or none. */
export function openList(items: readonly LookupItem[], text: string, isByKey: boolean): ComboboxState {
  if (items.length === 0) return CLOSED;
  const own = items.findIndex(({ value }) => String(value) === text.trim());
  return { items, isOpen: true, active: own === -1 && isByKey ? 0 : own };
}

/** Moves the mark, chooses an item or closes the list. The typed text stays unless an item is chosen. */
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
