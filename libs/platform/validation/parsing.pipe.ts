import { type ArgumentMetadata, Injectable, type OnModuleInit, type PipeTransform } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import type { DtoClass } from './dto-schema.js';
import { JsonDocument } from './json-document.js';
import { type Parser, getParser } from './parser.js';

/** Parses every controller argument whose type is a DTO class. Throws BadInputError. */
@Injectable()
export class ParsingPipe implements PipeTransform, OnModuleInit {
  private readonly parsers = new Map<unknown, Parser<object> | undefined>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Compiles the parsers of all controllers, so that a decorator that cannot be compiled stops the start. */
  onModuleInit(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      const prototype = (metatype as { prototype?: object } | null)?.prototype;
      if (!prototype) continue;
      for (const name of this.scanner.getAllMethodNames(prototype))
        for (const type of (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as unknown[]) this.find(type);
    }
  }

  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    const parser = this.find(metatype);
    if (!parser) return value;
    return value instanceof JsonDocument ? parser.parseDocument(value) : parser.parse(value);
  }

  private find(type: unknown): Parser<object> | undefined {
    if (this.parsers.has(type)) return this.parsers.get(type);
    const parser = isDto(type) ? getParser(type) : undefined;
    this.parsers.set(type, parser);
    return parser;
  }
}

function isDto(type: unknown): type is DtoClass<object> {
  return typeof type === 'function' && getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0;
}
