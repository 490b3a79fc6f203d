import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { type SearchHitView, SearchService, type Story, STORY_KINDS, type StoryKind, StoryService } from '#insight';
import { ApiQueryOf, notFound, OperatorAccess, type Page, WithinModules } from '#platform';

/** What is looked for. */
export class SearchDto {
  /**
   * The id or number of an order, a track number, an id of ours, the CRM's or a provider's, an invoice, a
   * phone, a host, the number of a request.
   */
  @IsString() @MinLength(1) @MaxLength(100) q!: string;
  /** Only hits of this connection. */
  @IsOptional() @IsString() @MaxLength(100) connection?: string;
  /** From 1. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000) page?: number;
  /** Hits of a page, 50 by default. */
  @IsOptional() @IsInt() @Min(1) @Max(500) limit?: number;
}

/** Whose order a story is about. */
export class StoryDto {
  /** Public id of the connection; needed for an order. */
  @IsOptional() @IsString() @MaxLength(100) connection?: string;
}

/** What became of something, and where it is found. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api')
export class StoriesController {
  constructor(
    private readonly stories: StoryService,
    private readonly searches: SearchService,
  ) {}

  /**
   * Finds things in all shops by an id, number, phone or host. An exact host comes first, and rows of the
   * journal last. At most fifty of each kind of match. Each hit has its match and the address of its story.
   */
  @Get('search')
  @WithinModules()
  @ApiQueryOf(SearchDto)
  search(@Query() { q, ...page }: SearchDto): Promise<Page<SearchHitView>> {
    return this.searches.search(q, page);
  }

  /**
   * All that is known of a delivery, payment, call, dialogue or order on one line of time: callbacks, calls
   * of providers, states, messages to the CRM and its answers, webhooks and polls; what waits, and why.
   */
  @Get('stories/:kind/:id')
  @WithinModules()
  @ApiQueryOf(StoryDto)
  readStory(@Param('kind') kind: string, @Param('id') id: string, @Query() { connection }: StoryDto): Promise<Story> {
    if (!isStoryKind(kind)) throw notFound('kind of stories', kind);
    return this.stories.tell(kind, id, connection);
  }
}

function isStoryKind(kind: string): kind is StoryKind {
  return (STORY_KINDS as readonly string[]).includes(kind);
}
