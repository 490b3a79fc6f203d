import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { type SearchHitView, SearchService, type Story, STORY_KINDS, type StoryKind, StoryService } from '#insight';
import { ApiQueryOf, notFound, OperatorAccess, type Page, WithinModules } from '#platform';

/** A search. */
export class SearchDto {
  /**
   * The id or number of an order, a track number, our own, the CRM's or a provider's id, an invoice, a
   * phone, a host, a request number.
   */
  @IsString() @MinLength(1) @MaxLength(100) q!: string;
  /** Only hits of this connection. */
  @IsOptional() @IsString() @MaxLength(100) connection?: string;
  /** Page number from 1. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000) page?: number;
  /** Hits per page. Default: 50. */
  @IsOptional() @IsInt() @Min(1) @Max(500) limit?: number;
}

/** The connection of an order. */
export class StoryDto {
  /** Public id of the connection. Required for an order. */
  @IsOptional() @IsString() @MaxLength(100) connection?: string;
}

/** Search, and stories of orders, deliveries, payments, calls and dialogues. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api')
export class StoriesController {
  constructor(
    private readonly stories: StoryService,
    private readonly searches: SearchService,
  ) {}

  /**
   * Searches all connections for an id, number, phone or host. An exact host comes first, and rows of the
   * journal last. At most fifty hits per kind of match. Each hit has its match and the address of its story.
   */
  @Get('search')
  @WithinModules()
  @ApiQueryOf(SearchDto)
  search(@Query() { q, ...page }: SearchDto): Promise<Page<SearchHitView>> {
    return this.searches.search(q, page);
  }

  /**
   * Returns everything known about a delivery, payment, call, dialogue or order as a timeline: callbacks,
   * calls to providers, states, messages to the CRM and its replies, webhooks and polls. Also why it waits.
   */
  @Get('stories/:kind/:id')
  @WithinModules()
  @ApiQueryOf(StoryDto)
  readStory(@Param('kind') kind: string, @Param('id') id: string, @Query() { connection }: StoryDto): Promise<Story> {
    if (!isStoryKind(kind)) throw notFound('kind of stories', kind);
    return this.stories.read(kind, id, connection);
  }
}

function isStoryKind(kind: string): kind is StoryKind {
  return (STORY_KINDS as readonly string[]).includes(kind);
}
