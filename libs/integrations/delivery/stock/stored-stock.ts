import type { MoveDocument, StockMove } from '#integration-kit';

/** The moves of a delivery's goods in the warehouse. */
export interface StoredStock {
  /** The parcel left while the shop had write-offs switched off, so its goods are never moved. */
  readonly off?: true;
  /** The documents of the moves that were made. */
  readonly moved?: Readonly<Partial<Record<StockMove, readonly MoveDocument[]>>>;
  readonly problem?: StockProblem;
}

/** Why goods were not moved. */
export interface StockProblem {
  readonly move: StockMove;
  /** In plain English. */
  readonly reason: string;
  /** ISO 8601. */
  readonly since: string;
}

const WORDS = { writeOff: 'written off', takeBack: 'taken back' } as const;

/** Describes the state of a delivery's goods in plain English, for operators. */
export function describeStock({ moved = {}, problem }: StoredStock, willRetry: boolean): string[] {
  return [
    ...(['writeOff', 'takeBack'] as const).flatMap((move) => {
      const documents = moved[move];
      if (!documents) return [];
      const numbers = documents.map(({ id, number = id }) => number).join(', ');
      return [`The goods were ${WORDS[move]} in the warehouse${numbers && ` (${numbers})`}.`];
    }),
    ...(problem
      ? [
          `The goods were not ${WORDS[problem.move]} in the warehouse: ${problem.reason}${willRetry ? ' This is tried again automatically.' : ''}`,
        ]
      : []),
  ];
}
