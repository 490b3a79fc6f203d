/** The effect of a kind of fault, and its parameters. */
export interface FaultKind {
  readonly kind: string;
  readonly title: string;
  readonly asks: readonly ('retryAfter' | 'milliseconds' | 'status' | 'errorMsg' | 'fields')[];
}

/** Descriptions of the kinds. A kind that the sandbox adds later is shown by its name. */
export const FAULT_KINDS: readonly FaultKind[] = [
  { kind: '429', title: 'Too many requests', asks: ['retryAfter'] },
  { kind: '503', title: 'Service unavailable', asks: ['retryAfter'] },
  { kind: '500', title: 'Internal server error', asks: [] },
  { kind: 'slow', title: 'Answers late', asks: ['milliseconds'] },
  { kind: 'drop', title: 'Cuts the connection before it acts', asks: [] },
  { kind: 'drop-after', title: 'Acts, then cuts the connection', asks: [] },
  { kind: 'hang', title: 'Acts, and answers once the switch is off', asks: [] },
  { kind: 'invalid-json', title: 'Answers half of a JSON', asks: [] },
  { kind: 'error-before', title: 'Refuses without acting', asks: ['status', 'errorMsg', 'retryAfter'] },
  { kind: 'odd-reply', title: 'Acts, and answers fields of its own', asks: ['fields'] },
];
