import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { ConnectionStore, findCountry, isUuid, REFUSALS } from '#connections';
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

/** What nobody refused, and yet it is not ok. */
const BROKEN = 'broken';

/** Filter of the journal; all that is given must hold. */
export class JournalListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /**
   * Such as `order:7`, `delivery:1`, `payment:1`, `call:1`, `offer:1`, `dialogue:1`; several separated by
   * commas.
   */
  @IsOptional() @IsString() @MaxLength(4000) subject?: string;
  /** Number of a request (`x-request-id`); with `subject` rows of either. */
  @IsOptional() @IsString() @MaxLength(64) request?: string;
  /** A phone in a body; best with the code of its country. */
  @IsOptional() @IsString() @MaxLength(60) phone?: string;
  /** Code of the module. */
  @IsOptional() @IsString() module?: string;
  /** Code of the provider. */
  @IsOptional() @IsString() provider?: string;
  @IsOptional() @IsIn(['callback', 'webhook', 'provider', 'crm']) kind?: JournalKind;
  /** `in`: the CRM or a provider called; `out`: they were called. */
  @IsOptional() @IsIn(['in', 'out']) direction?: JournalDirection;
  /** `delivery.save`, a provider's method, `orders.edit`. */
  @IsOptional() @IsString() name?: string;
  /**
   * `ok`, `failed` (all others), `broken` (of those, what nobody refused: somebody was away, too slow or
   * broken), or one such as `refused`, `unavailable`, `unknown_outcome`.
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

/** What was exchanged with the CRM and providers: masked, the latest first. */
@ApiTags('operator: journal')
@OperatorAccess()
@Controller('operator/api/journal')
export class JournalController {
  constructor(
    private readonly reader: JournalReader,
    private readonly connections: ConnectionStore,
  ) {}

  /**
   * * Lists callbacks, webhooks, and calls of providers and of the CRM, the latest first. Bodies are in
   * each entry's own address. A filter by phone finds the bodies in which it was, also where they no longer
   * show it.
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
        ...(outcome === BROKEN ? { outcome: 'failed', notOutcomes: REFUSALS } : { outcome }),
        ...(subject !== undefined && { subjects: readSubjects(subject) }),
        ...(request !== undefined && { requests: [request] }),
        ...(from !== undefined && { from: new Date(from) }),
        ...(to !== undefined && { to: new Date(to) }),
      },
      connection && findCountry(connection),
    );
  }

  /** Shows one entry with its bodies, as far as they are shown. */
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
