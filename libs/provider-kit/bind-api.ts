import { refuseLate } from './provider-error.js';

/** The methods that functions of an adapter become once they have its API. */
export type BoundMethods<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (api: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
};

/** A function of an adapter that becomes the method `Name` of its provider: it receives the API first. */
export type ApiMethod<Api, P, Name extends keyof P> = Required<P>[Name] extends (...args: infer Args) => infer Result
  ? (api: Api, ...args: Args) => Result
  : never;

/** An argument that may be the context of a call. */
type Argument = { readonly signal?: AbortSignal } | string | undefined;

/**
 * Makes the base class of a provider whose methods are functions, a file for each:
 *
 *     class AcmeProvider extends bindApi(declareAcme, { check, save: saveOrder }) {
 *       readonly manifest = acmeManifest;
 *     }
 *
 * A method throws ProviderError `unavailable` after the time of its context.
 * @param declare declares the API. Receives the arguments of the constructor
 * @param functions by the port's methods. They receive the API before the arguments of the method
 */
export function bindApi<
  Api,
  Options extends unknown[],
  Functions extends Readonly<Record<string, (api: Api, ...rest: never[]) => Promise<unknown>>>,
>(declare: (...options: Options) => Api, functions: Functions): new (...options: Options) => BoundMethods<Functions> {
  return class {
    constructor(...options: Options) {
      const api = declare(...options);
      const bound = Object.entries(functions).map(([name, act]) => {
        const method = async (...rest: never[]): Promise<unknown> => {
          for (const one of rest as Argument[]) if (typeof one === 'object' && one.signal) refuseLate({ signal: one.signal });
          return act(api, ...rest);
        };
        return [name, method] as const;
      });
      Object.assign(this, Object.fromEntries(bound));
    }
  } as new (...options: Options) => BoundMethods<Functions>;
}
