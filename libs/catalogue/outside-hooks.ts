import type { ResolveHookContext } from 'node:module';
import { type DeploymentCode, redirectImport } from './outside-resolver.js';

/** Node's hook for each import. `next` resolves as usual, synchronously or asynchronously. */
export type ResolveHook = <Resolved>(
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context: ResolveHookContext) => Resolved,
) => Resolved;

let deployment: DeploymentCode | undefined;

/** Sets the location of the deployment's code, before the first import. */
export function initialize(code: DeploymentCode): void {
  deployment = code;
}

/** Resolves an import. See `redirectImport`. */
export const resolve: ResolveHook = (specifier, context, next) => {
  // CommonJS `require` is resolved by other rules, and not changed.
  const instead =
    deployment && context.conditions.includes('import')
      ? redirectImport({ specifier, parentURL: context.parentURL }, deployment)
      : undefined;
  return instead ? next(instead.specifier, { ...context, parentURL: instead.parentURL }) : next(specifier, context);
};
