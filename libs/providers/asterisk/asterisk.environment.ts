import { IsOptional, Matches } from 'class-validator';

/** Settings of the operator's for PBXs. */
export class AsteriskEnvironment {
  /** Folder of recordings, with a folder for each connection. Without it none are read from folders. */
  @IsOptional() @Matches(/[^/.]/, { message: 'must be a folder of recordings only' }) RECORDINGS_ROOT?: string;
}
