/** A column of a table. */
export interface Column {
  /** Name of the slot of its cells, and of the field that is shown without a slot. */
  readonly key: string;
  readonly title: string;
  readonly isNumber?: boolean;
  /** The title is a button that sorts. The page handles the event `sort`. */
  readonly canSort?: boolean;
  /** The first press sorts in descending order. */
  readonly startsDescending?: boolean;
}

/** The order of a table. */
export interface Sorting {
  /** Key of the column. */
  readonly by: string;
  readonly isDescending: boolean;
}
