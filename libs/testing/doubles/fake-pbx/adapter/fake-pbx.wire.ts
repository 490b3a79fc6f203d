import { Type } from 'class-transformer';
import { IsArray, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';

/** What every answer has. */
export class RefusalAnswer {
  @IsString() status!: string;
  @IsOptional() @IsString() message?: string;
}

/** The answer to a call that was asked for. */
export class CallbackAnswer {
  @IsOptional() @IsString() pbx_call_id?: string;
}

/** Where a recording is downloaded. */
export class RecordAnswer {
  @IsOptional() @IsString() link?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) links?: string[];
}

/** A part of a call that has ended. */
export class StatisticsRow {
  @IsOptional() @IsString() sip?: string;
  @IsString() callstart!: string;
  @IsString() clid!: string;
  @IsString() destination!: string;
  @IsString() disposition!: string;
  @IsNumber() seconds!: number;
  @IsString() is_recorded!: string;
  @IsOptional() @IsString() pbx_call_id?: string;
}

/** The PBX's own records of calls. */
export class StatisticsAnswer {
  @IsArray() @ValidateNested({ each: true }) @Type(() => StatisticsRow) stats!: StatisticsRow[];
}
