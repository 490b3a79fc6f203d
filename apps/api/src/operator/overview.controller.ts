import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Overview, OverviewService } from '#insight';
import { OperatorAccess } from '#platform';

/** How the whole deployment is. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  /**
   * The figures of the deployment, and what needs somebody: what it is, since when, of how many shops, and
   * the operation of this API that may end it. It is read at most every 15 s, however often it is asked for.
   */
  @Get()
  readOverview(): Promise<Overview> {
    return this.overview.read();
  }
}
