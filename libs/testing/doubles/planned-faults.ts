import { HTTP_FAULT_NEEDS, type HttpFault, type OwnFault } from './http-faults.js';

/** Faults planned for a double's next calls. `Call`: names of calls; `Own`: the service's own faults. */
export class PlannedFaults<Call extends string, Own extends OwnFault> {
  private planned: { call: Call | '*'; fault: HttpFault | Own; left: number }[] = [];

  /** `own`: the required fields of each own fault; `exempt`: calls that `*` leaves out. */
  constructor(
    readonly calls: readonly Call[],
    private readonly own: Readonly<Record<Own['kind'], readonly string[]>>,
    private readonly exempt: readonly Call[] = [],
  ) {}

  /**
   * The next `times` calls of that name go wrong so; faults of one call happen in the order they were added.
   */
  add(call: Call | '*', fault: HttpFault | Own, times: number): void {
    this.planned.push({ call, fault, left: times });
  }

  /** The fault of a call that is being made, used up by this. */
  take(call: Call): HttpFault | Own | undefined {
    const found = this.planned.find((one) => one.call === call || (one.call === '*' && !this.exempt.includes(call)));
    if (found === undefined) return undefined;
    if (--found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
    return found.fault;
  }

  clear(): void {
    this.planned = [];
  }

  /** JSON schema of `{call, fault, times}`. */
  get schema(): object {
    const needs: Record<string, readonly string[]> = { ...HTTP_FAULT_NEEDS, ...this.own };
    return {
      type: 'object',
      required: ['call', 'fault'],
      properties: {
        call: { type: 'string', enum: ['*', ...this.calls] },
        times: { type: 'integer', minimum: 1 },
        fault: {
          type: 'object',
          required: ['kind'],
          properties: {
            kind: { type: 'string', enum: Object.keys(needs) },
            ms: { type: 'integer', minimum: 0 },
            status: { type: 'integer', minimum: 400, maximum: 599 },
            retryAfterSeconds: { type: 'integer', minimum: 0 },
            code: { type: 'string' },
            message: { type: 'string' },
          },
          allOf: Object.entries(needs).map(([kind, required]) => ({ if: { properties: { kind: { const: kind } } }, then: { required } })),
        },
      },
    };
  }
}
