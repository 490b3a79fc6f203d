import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

/** A method of a Nest provider, bound to it, and the mark that a decorator left on it. */
export interface MarkedMethod<Mark> {
  readonly call: (...values: never[]) => Promise<never>;
  readonly marks: readonly Mark[];
}

/** Notes something about a method, for `MethodDiscovery.list`. */
export function markMethod(symbol: symbol, method: object, mark: unknown): void {
  const marks = (Reflect.getOwnMetadata(symbol, method) ?? []) as unknown[];
  Reflect.defineMetadata(symbol, [...marks, mark], method);
}

/** Finds the marked methods of all Nest providers. */
@Injectable()
export class MethodDiscovery {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Lists the methods that `markMethod` marked with this symbol. */
  list<Mark>(symbol: symbol): MarkedMethod<Mark>[] {
    return this.discovery.getProviders().flatMap(({ instance }: { instance: unknown }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const prototype = Object.getPrototypeOf(instance) as object | null;
      if (prototype === null || prototype === Object.prototype) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((name): MarkedMethod<Mark>[] => {
        const method = (instance as Record<string, unknown>)[name];
        if (typeof method !== 'function') return [];
        const marks = Reflect.getOwnMetadata(symbol, method) as Mark[] | undefined;
        return marks ? [{ call: method.bind(instance) as MarkedMethod<Mark>['call'], marks }] : [];
      });
    });
  }
}
