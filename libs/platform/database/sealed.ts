/** A column with texts sealed by SecretBox. */
export interface SealedColumn {
  readonly column: string;
  /** SQL of the context that its texts are sealed for, from the columns of the row. */
  readonly context: string;
  /** It is JSON, with sealed texts somewhere in it. */
  readonly isJson?: true;
}

/** A table with sealed columns. Every sealed column must be declared, so that a new key reaches it. */
export interface SealedTable {
  readonly table: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly columns: readonly SealedColumn[];
}

/** The sealed columns of all schemas. */
export class SealedTables {
  constructor(readonly all: readonly SealedTable[]) {}
}
