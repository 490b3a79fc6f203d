import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type OpenApiSchema, SCHEMAS_PREFIX } from '#platform';

/** The doc comment of a method. */
export interface MethodDoc {
  /** The first sentence, without the full stop. */
  readonly summary: string;
  /** The text after it. */
  readonly description: string;
  /** Conditions by status: the text of `@throws 409 while ...`. */
  readonly errors: Readonly<Record<string, string>>;
}

/** A method of a controller, described by its types and comments. */
export interface MethodType {
  readonly doc: MethodDoc;
  /** Schema of the reply. Undefined if there is no body. */
  readonly reply: OpenApiSchema | undefined;
  /** Schema of an alternative reply with status 400: the part of the type with `success: false`. */
  readonly refusal: OpenApiSchema | undefined;
}

/** Folder of types with the CRM's names, whose texts are not ours. */
const WIRE = '/crm-client/generated/';

/**
 * Reads the replies of controllers from the declarations that the compiler wrote, so that the document
 * matches the code. Types of packages are not read.
 */
export class TypeReader {
  /** Schemas by the names of their types, in the order in which they were found. */
  readonly schemas = new Map<string, OpenApiSchema>();
  private readonly named = new Map<string, ts.Type>();
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;
  private readonly classes = new Map<string, ts.ClassDeclaration>();

  /** @param dist folder of the compiler's output */
  constructor(private readonly dist: string) {
    const list = (ending: string): string[] =>
      readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending) && !file.startsWith('tools'));
    const roots = [...list('.controller.d.ts'), ...list('.dto.d.ts')].sort().map((file) => join(dist, file));
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2024.d.ts'],
      types: [],
      strict: true,
      noEmit: true,
    };
    const host = ts.createCompilerHost(options);
    host.resolveModuleNameLiterals = (literals, file, _, given) =>
      literals.map(({ text }) =>
        /^[.#]/.test(text)
          ? ts.resolveModuleName(text, file, given, host, undefined, undefined, ts.ModuleKind.ESNext)
          : { resolvedModule: undefined },
      );
    this.program = ts.createProgram(roots, options, host);
    this.checker = this.program.getTypeChecker();
    for (const root of roots)
      this.program
        .getSourceFile(root)
        ?.forEachChild((node) => void (ts.isClassDeclaration(node) && node.name && this.classes.set(node.name.text, node)));
  }

  /** The project's files that were read. */
  get files(): string[] {
    return this.program
      .getSourceFiles()
      .map(({ fileName }) => fileName)
      .filter((file) => file.startsWith(this.dist));
  }

  /** Reads a method. Its reply may be text of any type. Throws for a type that cannot be described. */
  readMethod(controller: string, name: string, isText: boolean): MethodType {
    const where = `${controller}.${name}`;
    const method = this.classes.get(controller)?.members.find((member) => ts.isMethodDeclaration(member) && member.name.getText() === name);
    const signature = method && this.checker.getSignatureFromDeclaration(method as ts.MethodDeclaration);
    if (!method || !signature) throw new Error(`${where} has no declaration: its class must be exported from a *.controller.ts`);
    const doc = this.readDoc(method, where);
    if (isText) return { doc, reply: { type: 'string' }, refusal: undefined };
    const returned = this.checker.getReturnTypeOfSignature(signature);
    const answered = this.checker.getAwaitedType(returned) ?? returned;
    const parts = answered.isUnion() ? answered.types : [answered];
    const isRefusal = (part: ts.Type): boolean => {
      const success = part.getProperty('success');
      return success !== undefined && this.checker.typeToString(this.checker.getTypeOfSymbol(success)) === 'false';
    };
    const refusals = parts.filter(isRefusal);
    return {
      doc,
      reply: this.isNothing(answered)
        ? undefined
        : this.readParts(refusals.length > 0 ? parts.filter((part) => !isRefusal(part)) : [answered], where),
      refusal: refusals.length > 0 ? this.readParts(refusals, where) : undefined,
    };
  }

  /** Reads the doc comments of a class's properties, including inherited ones. */
  describeProperties(name: string): Record<string, string> {
    const node = this.classes.get(name);
    if (!node) return {};
    const type = this.checker.getTypeAtLocation(node);
    const told = this.checker.getPropertiesOfType(type).map((property) => [property.name, this.readComment(property)] as const);
    return Object.fromEntries(told.filter(([, text]) => text !== ''));
  }

  private isNothing(type: ts.Type): boolean {
    return (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) !== 0;
  }

  private readDoc(method: ts.ClassElement, where: string): MethodDoc {
    const symbol = method.name && this.checker.getSymbolAtLocation(method.name);
    const text = symbol ? ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).trim() : '';
    if (text === '') throw new Error(`${where} needs a doc comment`);
    const [, summary = '', rest = ''] = /^(.+?)(?:\.(?=\s|$)|$)(.*)$/s.exec(text.replace(/\n(?!\n)(?<!\n\n)/g, ' ')) ?? [];
    const errors: Record<string, string> = {};
    for (const tag of symbol?.getJsDocTags(this.checker) ?? []) {
      const [, status, when = ''] = /^\s*(?:CallbackError )?([45]\d\d)\s+(.*)$/s.exec(ts.displayPartsToString(tag.text)) ?? [];
      if (tag.name === 'throws' && status !== undefined) errors[status] = toSentence(when);
    }
    return { summary: summary.trim(), description: rest.trim(), errors };
  }

  private readComment(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replace(/\s+/g, ' ').trim();
  }

  private readParts(parts: readonly ts.Type[], where: string): OpenApiSchema {
    const [first, ...others] = parts.map((part) => this.read(part, where));
    return first && others.length === 0 ? first : { anyOf: [...(first ? [first] : []), ...others] };
  }

  private read(type: ts.Type, where: string): OpenApiSchema {
    const name = this.nameOf(type);
    if (name === undefined) return this.describe(type, where);
    const known = this.named.get(name);
    if (known && known !== type) throw new Error(`two types are called ${name} (at ${where}): give one another name`);
    if (!known) {
      this.named.set(name, type);
      this.schemas.set(name, {});
      const comment = this.readComment(type.aliasSymbol ?? type.symbol);
      const schema = this.describe(type, name);
      this.schemas.set(name, { ...schema, ...(comment !== '' && { description: comment }) });
    }
    return { $ref: SCHEMAS_PREFIX + name };
  }

  /** Returns a type's name in the document. Undefined if the type is inlined. */
  private nameOf(type: ts.Type): string | undefined {
    const { aliasSymbol, symbol } = type;
    const isOwn = (one: ts.Symbol | undefined): boolean =>
      one?.declarations?.some((node) => node.getSourceFile().fileName.startsWith(this.dist)) === true;
    const toName = (base: string, given: readonly ts.Type[]): string | undefined => {
      const names = given.map((argument) => this.nameOf(argument));
      return names.includes(undefined) ? undefined : `${names.join('')}${base}`;
    };
    if (aliasSymbol && isOwn(aliasSymbol)) return toName(aliasSymbol.name, type.aliasTypeArguments ?? []);
    if (aliasSymbol || !symbol || !isOwn(symbol) || (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0)
      return undefined;
    const given =
      (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
    // The last type argument of a class is `this`.
    return toName(
      symbol.name,
      given.filter((argument) => (argument.flags & ts.TypeFlags.TypeParameter) === 0),
    );
  }

  private describe(type: ts.Type, where: string): OpenApiSchema {
    const { flags } = type;
    if (flags & ts.TypeFlags.Any) throw new Error(`${where} is any: give it a declared type`);
    if (flags & ts.TypeFlags.Unknown) return {};
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isStringLiteral()) return { type: 'string', enum: [type.value] };
    if (type.isNumberLiteral()) return { type: 'number', enum: [type.value] };
    if (flags & ts.TypeFlags.BooleanLiteral) return { type: 'boolean', enum: [this.checker.typeToString(type) === 'true'] };
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object', additionalProperties: true };
    if (type.isUnion()) return this.describeUnion(type, where);
    if (type.symbol?.name === 'Date') return { type: 'string', format: 'date-time' };
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) {
      const [item, ...others] = this.checker.getTypeArguments(type as ts.TypeReference);
      if (!item) return { type: 'array' };
      return { type: 'array', items: this.readParts([...new Set([item, ...others])], `${where}[]`) };
    }
    // For example `string & Record<never, never>`.
    const primitive = type.isIntersection() ? type.types.find((part) => (part.flags & ts.TypeFlags.Object) === 0) : undefined;
    if (primitive) return this.describe(primitive, where);
    if ((flags & ts.TypeFlags.Object) !== 0 || type.isIntersection()) return this.describeObject(type, where);
    throw new Error(`${where} is ${this.checker.typeToString(type)}, which JSON cannot say`);
  }

  private describeUnion(type: ts.UnionType, where: string): OpenApiSchema {
    // The original declaration: `State | null` still refers to `State`, the union only to its parts.
    const { origin } = type as { origin?: ts.Type };
    const parts = (origin?.isUnion() ? origin : type).types.filter((part) => !this.isNothing(part));
    const isNull = (part: ts.Type): boolean => (part.flags & ts.TypeFlags.Null) !== 0;
    const schemas = this.describeParts(
      parts.filter((part) => !isNull(part)),
      where,
    );
    const [only] = schemas;
    if (!only || !parts.some(isNull)) return only && schemas.length === 1 ? only : { anyOf: schemas };
    if (schemas.length === 1 && typeof only.type === 'string' && !only.enum) return { ...only, type: [only.type, 'null'] };
    return { anyOf: [...schemas, { type: 'null' }] };
  }

  private describeParts(parts: readonly ts.Type[], where: string): OpenApiSchema[] {
    const texts = parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
    const numbers = parts.flatMap((part) => (part.isNumberLiteral() ? [part.value] : []));
    const booleans = parts.filter((part) => (part.flags & ts.TypeFlags.BooleanLiteral) !== 0);
    const rest = parts.filter((part) => !part.isStringLiteral() && !part.isNumberLiteral() && !booleans.includes(part));
    const others = rest.map((part) => this.read(part, where)).map((schema) => [JSON.stringify(schema), schema] as const);
    // A text that may also be a Date is a text.
    const hasText = others.some(([, schema]) => schema.type === 'string' && schema.format === undefined);
    // Sorted, because the compiler's own order depends on the files that it read before.
    const sorted = [...new Map(others)].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, schema]) => schema);
    return [
      ...(texts.length > 0 && !hasText ? [{ type: 'string', enum: texts.sort() }] : []),
      ...(numbers.length > 0 ? [{ type: 'number', enum: numbers.sort((left, right) => left - right) }] : []),
      ...(booleans.length > 1 ? [{ type: 'boolean' }] : booleans.map((part) => this.describe(part, where))),
      ...sorted.filter((schema) => !hasText || schema.type !== 'string' || schema.format === undefined),
    ];
  }

  private describeObject(type: ts.Type, where: string): OpenApiSchema {
    const properties: Record<string, OpenApiSchema> = {};
    const required: string[] = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      const of = this.checker.getTypeOfSymbol(property);
      if (of.getCallSignatures().length > 0 || property.name.startsWith('__@')) continue;
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const schema = this.read(of, `${where}.${property.name}`);
      const comment = this.readComment(property);
      const isWire = property.declarations?.some((node) => node.getSourceFile().fileName.includes(WIRE));
      const isInstant = !isWire && /(^a|A)t$/.test(property.name) && [schema.type].flat().includes('string') && !schema.enum;
      properties[property.name] = { ...schema, ...(isInstant && { format: 'date-time' }), ...(comment !== '' && { description: comment }) };
      if (!isOptional && !this.mayBeLeftOut(of)) required.push(property.name);
    }
    const index = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const names = Object.keys(properties);
    return {
      type: 'object',
      ...((names.length > 0 || !index) && { properties }),
      ...(required.length > 0 && { required }),
      ...(index && { additionalProperties: this.read(index.type, `${where}.*`) }),
    };
  }

  private mayBeLeftOut(type: ts.Type): boolean {
    return type.isUnion() && type.types.some((part) => (part.flags & ts.TypeFlags.Undefined) !== 0);
  }
}

function toSentence(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain === '' ? '' : `${plain.slice(0, 1).toUpperCase()}${plain.slice(1)}`;
}
