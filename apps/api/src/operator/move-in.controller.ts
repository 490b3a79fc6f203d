import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsObject, IsOptional } from 'class-validator';
import { type MovedInLine, MoveInService } from '#onboarding';
import { ApiBodyOf, BadInputError, getParser, OperatorAccess, RequestNumber } from '#platform';

const MOST_LINES = 500;

/** Options for importing lines from another module. The body also contains the `lines`. */
export class MoveInBatchDto {
  /** Stores nothing, and returns the results that moving in would have. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
}

/** The same with the lines, which are parsed one by one. For the API's document. */
export class MoveInBatchBody extends MoveInBatchDto {
  /** The fields of a line depend on its `kind` (docs/moving-in.md). */
  @IsArray() @IsObject({ each: true }) lines!: object[];
}

/** The result of a batch. */
export interface MoveInReply {
  created: number;
  /** Number of lines whose record existed already. */
  known: number;
  refused: number;
  /** One item per line, in their order. */
  items: MovedInLine[];
}

/** Customers of another module, imported from its records (docs/moving-in.md). */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/move-in')
export class MoveInController {
  constructor(private readonly moveIns: MoveInService) {}

  /** Imports up to 500 lines of another module's records, each once, and returns the result of each. */
  @Post()
  @HttpCode(200)
  @ApiBodyOf(MoveInBatchBody)
  async moveIn(@Body() body: unknown, @RequestNumber() request: string): Promise<MoveInReply> {
    const { dryRun } = getParser(MoveInBatchDto).parse(body);
    const { lines } = body as { lines?: unknown };
    if (!Array.isArray(lines)) throw new BadInputError({ lines: 'must be a list' });
    if (lines.length > MOST_LINES) throw new BadInputError({ lines: `must hold at most ${MOST_LINES}` });
    const items = await this.moveIns.run(lines, dryRun, request);
    const count = (outcome: MovedInLine['outcome']): number => items.filter((item) => item.outcome === outcome).length;
    return { created: count('created'), known: count('known'), refused: count('refused'), items };
  }
}
