/** Every member of `Values`, so that the compiler names a forgotten one. Undefined if there is no value. */
export type Each<Values> = { [Name in keyof Required<Values>]: Values[Name] | undefined };
