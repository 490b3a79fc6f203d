/** The generated files by name, as they should be for the contract. */
export function generate(): { readonly [file: string]: string };
/** TypeScript name of a contract path. */
export function typeName(path: string): string;
