import { Injectable } from '@nestjs/common';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Transaction } from '#platform';
import type { Connection } from './connection.js';

/** What a line about an account's records has in common. */
export class ImportLineDto {
  /** Code of a module. */
  @IsString() @IsNotEmpty() @MaxLength(50) module!: string;
  /** Address of the account. */
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
  /** By which the CRM knows the instance of the module; the module's own when left out. */
  @IsOptional() @IsString() @MaxLength(100) code?: string;
}

/** What a line came to. */
export interface Imported {
  /** `known`: it was there, and nothing was changed. */
  outcome: 'created' | 'known';
  /** Ours, of what it made or found. */
  id?: string;
}

/** Takes records of one kind in from another module. */
export interface ImportKind<Line extends ImportLineDto = ImportLineDto> {
  /** As in the lines. */
  readonly kind: string;
  /** As `HostedModule.integration`: of which modules it takes them. */
  readonly integration: string;
  /** What a line is validated by; of `Line`. */
  readonly dto: new () => object;
  /**
   * Stores what a line says, once; the CRM, which knows it, is not told. All it changes is changed in `tx`.
   * @throws BadInputError naming fields of the line
   */
  take(tx: Transaction, connection: Connection, line: Line): Promise<Imported>;
}

/** The kinds of lines that can be imported; integrations and services add theirs at start. */
@Injectable()
export class ImportKinds {
  private readonly kinds = new Map<string, ImportKind>();

  add(kind: ImportKind<never>): void {
    this.kinds.set(kind.kind, kind as unknown as ImportKind);
  }

  get(kind: string): ImportKind | undefined {
    return this.kinds.get(kind);
  }

  list(): string[] {
    return [...this.kinds.keys()];
  }
}
