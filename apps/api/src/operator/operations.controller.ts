import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { OperationEntity, OperationsService } from '#operations';
import {
  ApiQueryOf,
  CallbackError,
  Database,
  defineOperatorList,
  isUuid,
  notFound,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
} from '#platform';

/** Filter of the list of operations. */
export class OperationListDto extends PageDto {
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['running', 'unknown', 'done', 'refused']) state?: string;
  @IsOptional() @IsString() kind?: string;
  /** The order, delivery or shipment it is about. */
  @IsOptional() @IsString() subject?: string;
  /** Number of the request that it comes from (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
}

/** Operations, newest first. */
export const OPERATION_LIST = defineOperatorList<OperationListDto, OperationEntity, object>({
  from: OperationEntity,
  where: {
    connection: 'row.connectionId = :connection',
    state: 'row.state = :state',
    kind: 'row.kind = :kind',
    subject: 'row.subject = :subject',
    request: 'row.request = :request',
  },
  order: { 'row.id': 'DESC' },
  view: toOperationView,
});

/** Calls with an effect on an outside service: their outcome, and ways to settle an unknown one. */
@ApiTags('operator')
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api/operations')
export class OperationsController {
  constructor(
    private readonly database: Database,
    private readonly operations: OperationsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Calls with an effect on an outside service, the latest first' })
  @ApiQueryOf(OperationListDto)
  listOperations(@Query() filter: OperationListDto): Promise<Page<object>> {
    return readPage(this.database, OPERATION_LIST, filter);
  }

  /** Looks now at an operation whose outcome is unknown. */
  @Post(':id/replay')
  @HttpCode(200)
  async reconcile(@Param('id') id: string): Promise<object> {
    const operation = isUuid(id) ? await this.operations.reconcile(id) : undefined;
    if (!operation) throw notFound('operation', id);
    return toOperationView(operation);
  }

  /** Records that an unknown operation had no effect at the provider, so that the call may be repeated. */
  @Post(':id/release')
  @HttpCode(200)
  async release(@Param('id') id: string): Promise<{ success: true }> {
    if (!isUuid(id)) throw notFound('operation', id);
    if (!(await this.operations.release(id))) throw new CallbackError(409, 'Only an operation whose outcome is unknown can be released.');
    return { success: true };
  }
}

function toOperationView(row: OperationEntity): object {
  return {
    id: row.id,
    connection: row.connectionId,
    kind: row.kind,
    subject: row.subject,
    reference: row.reference,
    state: row.state,
    result: row.result,
    error: row.error,
    checks: row.checks,
    request: row.request,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
