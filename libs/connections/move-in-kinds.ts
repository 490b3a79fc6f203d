import { Injectable } from '@nestjs/common';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Transaction } from '#platform';
import type { Connection } from './connection.js';

/** The common fields of lines about an account's records. */
export class MoveInLineDto {
  /** Code of a module. */
  @IsString() @IsNotEmpty() @MaxLength(50) module!: string;
  /** Address of the account. */
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
  /** The instance's code in the CRM. Default: the module's code. */
  @IsOptional() @IsString() @MaxLength(100) code?: string;
}

/** The result of a line. */
export interface MovedIn {
  /** `known`: it existed, and nothing was changed. */
  outcome: 'created' | 'known';
  /** Our id of the created or existing record. */
  id?: string;
}

/** Imports records of one kind from another module. */
export interface MoveInKind<Line extends MoveInLineDto = MoveInLineDto> {
  /** The kind's name in the lines. */
  readonly kind: string;
  /** The same as `HostedModule.integration`. Only modules with this integration can have the kind. */
  readonly integration: string;
  /** DTO class that validates a line. It has the fields of `Line`. */
  readonly dto: new () => object;
  /**
   * Stores a line's record once. The CRM has the record, so it is not notified. All changes are made in `tx`.
   * @throws BadInputError with names of the line's fields
   */
  take(tx: Transaction, connection: Connection, line: Line): Promise<MovedIn>;
}

/** The kinds of lines that can be imported. Integrations and services register their kinds at start. */
@Injectable()
export class MoveInKinds {
  private readonly kinds = new Map<string, MoveInKind>();

  add(kind: MoveInKind<never>): void {
    this.kinds.set(kind.kind, kind as unknown as MoveInKind);
  }

  get(kind: string): MoveInKind | undefined {
    return this.kinds.get(kind);
  }

  list(): string[] {
    return [...this.kinds.keys()];
  }
}
