/** A column of a table. */
export interface Column {
  /** Names the slot of its cells, and the field that is shown without one. */
  readonly key: string;
  readonly title: string;
  readonly isNumber?: boolean;
  /** Its title sorts; the page does it by the event `sort`. */
  readonly canSort?: boolean;
  /** The first press sorts the largest or latest first. */
  readonly startsDescending?: boolean;
}

/** How a table is sorted. */
export interface Sorting {
  /** Key of the column. */
  readonly by: string;
  readonly isDescending: boolean;
}
