/** The generated files by name, as they should be for the contract. */
export function generate(): { readonly [file: string]: string };
/** Brings `generated/`, or another folder, up to date. */
export function writeGenerated(folder?: URL): void;
