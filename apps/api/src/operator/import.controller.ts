import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsObject, IsOptional } from 'class-validator';
import { type ImportedLine, ImportService } from '#onboarding';
import { ApiBodyOf, BadInputError, getParser, OperatorAccess, RequestNumber } from '#platform';

const MOST_LINES = 500;

/** How lines of another module are taken in; the body holds the `lines` too. */
export class ImportBatchDto {
  /** Stores nothing and says what a run would do. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
}

/** The same with the lines, which are read one by one; for the API's document. */
export class ImportBatchBody extends ImportBatchDto {
  /** What each holds depends on its `kind` (docs/moving-in.md). */
  @IsArray() @IsObject({ each: true }) lines!: object[];
}

/** What became of a batch. */
export interface ImportReply {
  created: number;
  /** Were there already. */
  known: number;
  refused: number;
  /** One for each line, in their order. */
  items: ImportedLine[];
}

/** Customers of another module, taken in from its records (docs/moving-in.md). */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/import')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  /** Takes in up to 500 lines of another module's records, each once; says what became of each. */
  @Post()
  @HttpCode(200)
  @ApiBodyOf(ImportBatchBody)
  async importConnections(@Body() body: unknown, @RequestNumber() request: string): Promise<ImportReply> {
    const { dryRun } = getParser(ImportBatchDto).parse(body);
    const { lines } = body as { lines?: unknown };
    if (!Array.isArray(lines)) throw new BadInputError({ lines: 'must be a list' });
    if (lines.length > MOST_LINES) throw new BadInputError({ lines: `must hold at most ${MOST_LINES}` });
    const items = await this.imports.run(lines, dryRun, request);
    const count = (outcome: ImportedLine['outcome']): number => items.filter((item) => item.outcome === outcome).length;
    return { created: count('created'), known: count('known'), refused: count('refused'), items };
  }
}
