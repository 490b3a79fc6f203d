/** The contract as its files hold it. */
export interface Contract {
  readonly enums: { readonly [path: string]: readonly string[] };
  readonly types: { readonly [path: string]: { readonly fields: { readonly [field: string]: string } } };
}
/** Reads the contract's files. */
export function loadContract(): Contract;
/** Which enum each field has, by `type.field`. Throws for a name that is nowhere in the contract. */
export function enumsByField(fields: { readonly [path: string]: readonly string[] }, contract: Contract): ReadonlyMap<string, string>;
/** TypeScript name of a contract path. */
export function typeName(path: string): string;
