import type { ResolveHookContext } from 'node:module';
import { type DeploymentCode, redirectImport } from './outside-resolver.js';

/** Node's hook for each import: `next` resolves as usual, at once or later. */
export type ResolveHook = <Resolved>(
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context: ResolveHookContext) => Resolved,
) => Resolved;

let deployment: DeploymentCode | undefined;

/** Says where the deployment's code is, before the first import. */
export function initialize(code: DeploymentCode): void {
  deployment = code;
}

/** Resolves an import; see `redirectImport`. */
export const resolve: ResolveHook = (specifier, context, next) => {
  // What CommonJS files require is resolved by other rules, and is left alone.
  const instead =
    deployment && context.conditions.includes('import')
      ? redirectImport({ specifier, parentURL: context.parentURL }, deployment)
      : undefined;
  return instead ? next(instead.specifier, { ...context, parentURL: instead.parentURL }) : next(specifier, context);
};
