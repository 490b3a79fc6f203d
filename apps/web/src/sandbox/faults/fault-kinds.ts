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
  { kind: 'slow', title: 'Replies late', asks: ['milliseconds'] },
  { kind: 'drop', title: 'Cuts the connection before acting', asks: [] },
  { kind: 'drop-after', title: 'Acts, then cuts the connection', asks: [] },
  { kind: 'hang', title: 'Acts, and replies when it is switched off', asks: [] },
  { kind: 'invalid-json', title: 'Replies with incomplete JSON', asks: [] },
  { kind: 'error-before', title: 'Rejects without acting', asks: ['status', 'errorMsg', 'retryAfter'] },
  { kind: 'odd-reply', title: 'Acts, and changes fields of the reply', asks: ['fields'] },
];
