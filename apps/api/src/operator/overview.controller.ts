import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Overview, OverviewService } from '#insight';
import { getOperatorScope, OperatorAccess, WithinModules } from '#platform';

/** The state of the whole deployment. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  /**
   * Returns the deployment's figures, and the problems that need attention: each with its start, number of
   * shops, and the operation of this API that may resolve it. The data is at most about 15 s old.
   * An operator who is limited to modules gets the figures and needs of these modules.
   */
  @Get()
  @WithinModules()
  readOverview(): Promise<Overview> {
    return this.overview.read(getOperatorScope()?.modules);
  }
}
