/** A change of a payment's money. `disputed`: the bank holds it. */
type MoneyMove = 'taken' | 'refunded' | 'disputed';

/** The refusals of a service for a refund that its payment does not allow. */
export interface RefundRules {
  /** Everything was refunded. `over` when left out. */
  nothingLeft?(): Error;
  /** The amount is below 1 or above the rest. */
  over(left: number): Error;
  /** The payment can only be refunded whole. Parts are allowed when left out. */
  whole?: (() => Error) | undefined;
}

/** The money of a gateway's payments, in minor units. A refund counts from the start until it fails. */
export class PaymentLedger {
  private readonly moves = new Map<string, { kind: MoneyMove; payment: string; amount: number }>();

  /** Notes a move by its id, which is the payment's own if it was `taken`. */
  note(kind: MoneyMove, payment: string, amount: number, id = payment): void {
    this.moves.set(id, { kind, payment, amount });
  }

  /** A refund failed, or a dispute was won. */
  undo(id: string): void {
    this.moves.delete(id);
  }

  sum(kind: MoneyMove, payment: string): number {
    return [...this.moves.values()].reduce((all, one) => all + (one.kind === kind && one.payment === payment ? one.amount : 0), 0);
  }

  /** The amount that can still be refunded. */
  left(payment: string): number {
    return this.sum('taken', payment) - this.sum('refunded', payment);
  }

  /** The money of a payment that the shop keeps. */
  kept(payment: string): number {
    return this.left(payment) - this.sum('disputed', payment);
  }

  /** Returns the amount of a refund, by default everything that remains. Throws a refusal of the rules. */
  checkRefund(payment: string, asked: number | undefined, { nothingLeft, over, whole }: RefundRules): number {
    const left = this.left(payment);
    if (left < 1 && nothingLeft) throw nothingLeft();
    const amount = asked ?? left;
    if (amount < 1 || amount > left) throw over(left);
    if (whole && amount !== this.sum('taken', payment)) throw whole();
    return amount;
  }
}
