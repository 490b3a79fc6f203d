import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose data a request may reach. */
export interface OperatorScope {
  /** Name of the operator. */
  readonly operator: string;
  /** Codes of the modules. */
  readonly modules: readonly string[];
}

const scope = new AsyncLocalStorage<OperatorScope>();

/** Returns the scope of the present request. Undefined means everything. */
export function getOperatorScope(): OperatorScope | undefined {
  return scope.getStore();
}

/** Whether the present request may reach the data of a module. */
export function isWithinScope(module: string): boolean {
  return getOperatorScope()?.modules.includes(module) ?? true;
}

/** Does work with the scope of an operator who is limited to modules. */
export function runInScope<Result>(of: OperatorScope, work: () => Result): Result {
  return scope.run(of, work);
}

/** Does work that outlives the request, or that other requests share, without its scope. */
export function runOutsideScope<Result>(work: () => Result): Result {
  return scope.exit(work);
}
