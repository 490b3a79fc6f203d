import { IsOptional, Matches } from 'class-validator';

/** Settings of the operator's for PBXs. */
export class AsteriskEnvironment {
  /** Folder beneath which PBXs keep their recordings, each connection in one of its own; none are read from folders without it. */
  @IsOptional() @Matches(/[^/.]/, { message: 'must be a folder of recordings only' }) RECORDINGS_ROOT?: string;
}
