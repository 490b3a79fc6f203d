import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** The query of the `online` callback (docs/contract/chat.md). */
export class OnlineDto {
  @IsString() @IsNotEmpty() @MaxLength(255) externalUserId!: string;
}

/** The query of the `visits` callback (docs/contract/chat.md). */
export class VisitsDto {
  @IsString() @IsNotEmpty() @MaxLength(255) externalChatId!: string;
}
