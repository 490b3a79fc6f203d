import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { OperationEntity, type OperationState, OperationsService, OperationStore } from '#operations';
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
  WithinModules,
} from '#platform';

/** Filter of the list of operations. */
export class OperationListDto extends PageDto {
  @IsOptional() @IsString() connection?: string;
  @IsOptional() @IsIn(['running', 'unknown', 'done', 'refused']) state?: string;
  @IsOptional() @IsString() kind?: string;
  /** The order, delivery or shipment. */
  @IsOptional() @IsString() subject?: string;
  /** Number of the request that caused it (`x-request-id`). */
  @IsOptional() @IsString() request?: string;
}

/** A call with an effect on an outside service. */
export interface OperationView {
  id: string;
  connection: string;
  kind: string;
  /** The order, delivery or shipment. */
  subject: string;
  /** Our reference for the object at the provider. */
  reference: string | null;
  state: OperationState;
  /** The provider's result, by kind. */
  result: object | null;
  error: string | null;
  /** Number of checks of an unknown outcome. */
  checks: number;
  /** Number of the request that caused it. */
  request: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Operations, newest first. */
export const OPERATION_LIST = defineOperatorList<OperationListDto, OperationEntity, OperationView>({
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

/** Calls with an effect on an outside service: their outcome, and ways to resolve an unknown one. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/operations')
export class OperationsController {
  constructor(
    private readonly database: Database,
    private readonly operations: OperationsService,
    private readonly store: OperationStore,
  ) {}

  /** Lists calls with an effect on an outside service, the latest first. */
  @Get()
  @WithinModules()
  @ApiQueryOf(OperationListDto)
  listOperations(@Query() filter: OperationListDto): Promise<Page<OperationView>> {
    return readPage(this.database, OPERATION_LIST, filter);
  }

  /** Checks an operation with an unknown outcome now. */
  @Post(':id/replay')
  @WithinModules('operation')
  @HttpCode(200)
  async reconcileOperation(@Param('id') id: string): Promise<OperationView> {
    const operation = isUuid(id) ? await this.operations.reconcile(id) : undefined;
    if (!operation) throw notFound('operation', id);
    return toOperationView(operation);
  }

  /**
   * Records that an operation with unknown outcome had no effect, so that the call may be repeated.
   * @throws 409 if the outcome is known
   */
  @Post(':id/release')
  @WithinModules('operation')
  @HttpCode(200)
  async releaseOperation(@Param('id') id: string): Promise<{ success: true }> {
    if (!isUuid(id)) throw notFound('operation', id);
    if (!(await this.store.release(id))) throw new CallbackError(409, 'Only an operation whose outcome is unknown can be released.');
    return { success: true };
  }
}

function toOperationView(row: OperationEntity): OperationView {
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
