import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { type ImportedLine, ImportService } from '#onboarding';
import { BadInputError, getParser, OperatorAccess, RequestNumber, toJsonSchema } from '#platform';

const MOST_LINES = 500;

/** How lines of another module are taken in; the body holds the `lines` too. */
export class ImportBatchDto {
  /** Stores nothing and says what a run would do. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
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
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api/import')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: `Takes in up to ${MOST_LINES} lines of another module's records, each once; says what became of each` })
  @ApiBody({ schema: toJsonSchema(ImportBatchDto) })
  async run(@Body() body: unknown, @RequestNumber() request: string): Promise<ImportReply> {
    const { dryRun } = getParser(ImportBatchDto).parse(body);
    const { lines } = body as { lines?: unknown };
    if (!Array.isArray(lines)) throw new BadInputError({ lines: 'must be a list' });
    if (lines.length > MOST_LINES) throw new BadInputError({ lines: `must hold at most ${MOST_LINES}` });
    const items = await this.imports.run(lines, dryRun, request);
    const count = (outcome: ImportedLine['outcome']): number => items.filter((item) => item.outcome === outcome).length;
    return { created: count('created'), known: count('known'), refused: count('refused'), items };
  }
}
