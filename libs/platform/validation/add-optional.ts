import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { Type } from 'class-transformer';
import { getMetadataStorage, IsOptional } from 'class-validator';
import { copyFieldMetadata } from './decorators.js';
import type { DtoClass } from './dto-schema.js';

/**
 * Returns a class with the properties of `base` and, after them, some properties of another class: with their
 * decorators, each optional and without a default.
 * @param name of the new class, for errors and schemas
 * @throws Error for a property that `source` lacks, or that `base` has
 */
export function addOptional<Base extends object, Source extends object>(
  base: DtoClass<Base>,
  source: DtoClass<Source>,
  names: readonly string[],
  name: string,
): DtoClass<Base & Partial<Source>> {
  const target = class extends (base as DtoClass<object>) {};
  Object.defineProperty(target, 'name', { value: name });
  const storage = getMetadataStorage();
  const records = storage.getTargetValidationMetadatas(source, '', true, false);
  const taken = storage.getTargetValidationMetadatas(base, '', true, false);
  for (const property of names) {
    if (taken.some(({ propertyName }) => propertyName === property))
      throw new Error(`${base.name} declares the property "${property}" itself`);
    const own = records.filter(({ propertyName }) => propertyName === property);
    if (own.length === 0) throw new Error(`${source.name} has no property "${property}"`);
    for (const record of own) storage.addValidationMetadata(Object.assign(Object.create(record) as typeof record, record, { target }));
    IsOptional()(target.prototype, property);
    const typed = defaultMetadataStorage.findTypeMetadata(source, property);
    if (typed) Type(typed.typeFunction as () => DtoClass<object>)(target.prototype, property);
    copyFieldMetadata(source, target, property);
  }
  return target as unknown as DtoClass<Base & Partial<Source>>;
}
