import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';

/*
 * CDEK's API v2 accepts a request first and validates it later. Weights are grams, sides whole centimetres.
 * Interfaces are sent; classes are received and require only what the adapter needs.
 */

/** One of CDEK's objections to a request. */
export class CdekProblem {
  @IsString() code!: string;
  @IsOptional() @IsString() additional_code?: string;
  @IsOptional() @IsString() message?: string;
}

/** The result of a request. */
export class CdekRequest {
  @IsOptional() @IsString() request_uuid?: string;
  /** CREATE, UPDATE, DELETE, ... */
  @IsOptional() @IsString() type?: string;
  /** ACCEPTED, WAITING, SUCCESSFUL, INVALID */
  @IsString() state!: string;
  @IsOptional() @IsString() date_time?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekProblem) errors?: CdekProblem[];
}

/** A reply that refuses: the problems are at the top, or in the requests. */
export class CdekRefusalReply {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekProblem) errors?: CdekProblem[];
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
  /** Of `/oauth/token`. */
  @IsOptional() @IsString() error?: string;
}

class EntityId {
  @IsString() uuid!: string;
}

/** 202 of a call with an effect: CDEK has the request and has not validated it yet. */
export class CdekAcceptedReply {
  @ValidateNested() @Type(() => EntityId) entity!: EntityId;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

/** A status of an order, a visit or a print job. */
export class CdekStatus {
  @IsString() code!: string;
  @IsOptional() @IsString() name?: string;
  @IsString() date_time!: string;
  @IsOptional() @IsString() reason_code?: string;
  @IsOptional() @IsString() city?: string;
  /** CDEK took it back. */
  @IsOptional() @IsBoolean() deleted?: boolean;
}

/** Whether CDEK is still validating the request. */
export function isPending(request: CdekRequest | undefined): boolean {
  return request?.state === 'ACCEPTED' || request?.state === 'WAITING';
}

/** Whether CDEK refused the request. */
export function isInvalid(request: CdekRequest | undefined): boolean {
  return request?.state === 'INVALID';
}
