import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Overview, OverviewService } from '#insight';
import { getOperatorScope, OperatorAccess, WithinModules } from '#platform';

/** How the whole deployment is. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  /**
   * The figures of the deployment, and what needs somebody: what it is, since when, of how many shops, and
   * the operation of this API that may end it. It is read at most every 15 s, however often it is asked for.
   * An operator who is limited to modules gets the figures and needs of these modules.
   */
  @Get()
  @WithinModules()
  readOverview(): Promise<Overview> {
    return this.overview.read(getOperatorScope()?.modules);
  }
}
