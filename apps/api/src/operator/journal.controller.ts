import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { ConnectionStore, findCountry, isUuid, REJECTIONS } from '#connections';
import {
  type JournalDirection,
  type JournalHead,
  type JournalKind,
  JournalReader,
  directionOf,
  type JournalEntryEntity,
  type StoredBody,
} from '#journal';
import { ApiQueryOf, BadInputError, notFound, OperatorAccess, type Page, PageDto, WithinModules } from '#platform';

/** Outcome filter: neither ok nor rejected. */
const BROKEN = 'broken';

/** Filter of the journal. All given criteria must match. */
export class JournalListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /**
   * Such as `order:7`, `delivery:1`, `payment:1`, `call:1`, `offer:1`, `dialogue:1`, or several separated by
   * commas.
   */
  @IsOptional() @IsString() @MaxLength(4000) subject?: string;
  /** Number of a request (`x-request-id`). With `subject`: rows that match either. */
  @IsOptional() @IsString() @MaxLength(64) request?: string;
  /** A phone in a body, preferably with its country code. */
  @IsOptional() @IsString() @MaxLength(60) phone?: string;
  /** Code of the module. */
  @IsOptional() @IsString() module?: string;
  /** Code of the provider. */
  @IsOptional() @IsString() provider?: string;
  @IsOptional() @IsIn(['callback', 'webhook', 'provider', 'crm']) kind?: JournalKind;
  /** `in`: the CRM or a provider called. `out`: they were called. */
  @IsOptional() @IsIn(['in', 'out']) direction?: JournalDirection;
  /** `delivery.save`, a provider's method, `orders.edit`. */
  @IsOptional() @IsString() name?: string;
  /**
   * `ok`, `failed` (all others), `broken` (failures that are not rejections: a side was unavailable, too slow
   * or broken), or a single outcome such as `refused`, `unavailable`, `unknown_outcome`.
   */
  @IsOptional() @IsString() outcome?: string;
  /** Not before this time (ISO 8601). */
  @IsOptional() @IsISO8601() from?: string;
  /** Before this time (ISO 8601). */
  @IsOptional() @IsISO8601() to?: string;
}

/** One exchange with its bodies. */
export interface JournalEntryView extends JournalHead {
  requestBody: StoredBody | null;
  replyBody: StoredBody | null;
}

/** Exchanges with the CRM and providers: masked, the latest first. */
@ApiTags('operator: journal')
@OperatorAccess()
@Controller('operator/api/journal')
export class JournalController {
  constructor(
    private readonly reader: JournalReader,
    private readonly connections: ConnectionStore,
  ) {}

  /**
   * Lists callbacks, webhooks, and calls to providers and to the CRM, the latest first. Each entry's own
   * route returns its bodies. A filter by phone also finds bodies in which the phone is no longer
   * shown.
   */
  @Get()
  @WithinModules()
  @ApiQueryOf(JournalListDto)
  async listJournal(@Query() { subject, request, from, to, outcome, ...filter }: JournalListDto): Promise<Page<JournalHead>> {
    const { connection: id, phone } = filter;
    const connection = phone !== undefined && id !== undefined && isUuid(id) ? await this.connections.findById(id) : undefined;
    return this.reader.list(
      {
        ...filter,
        ...(outcome === BROKEN ? { outcome: 'failed', notOutcomes: REJECTIONS } : { outcome }),
        ...(subject !== undefined && { subjects: readSubjects(subject) }),
        ...(request !== undefined && { requests: [request] }),
        ...(from !== undefined && { from: new Date(from) }),
        ...(to !== undefined && { to: new Date(to) }),
      },
      connection && findCountry(connection),
    );
  }

  /** Returns one entry with its stored bodies. */
  @Get(':id')
  @WithinModules('journal_entry')
  async readJournalEntry(@Param('id') id: string): Promise<JournalEntryView> {
    const row = await this.reader.find(id);
    if (!row) throw notFound('journal entry', id);
    return toView(row);
  }
}

function readSubjects(text: string): string[] {
  const subjects = text.split(',').map((one) => one.trim());
  if (subjects.some((one) => !/^[a-z]+:./.test(one))) throw new BadInputError({ subject: 'must be like order:7 or delivery:1' });
  return subjects;
}

function toView({ phones: _phones, ...row }: JournalEntryEntity): JournalEntryView {
  return { ...row, direction: directionOf(row.kind), subjects: row.subjects ?? [] };
}
