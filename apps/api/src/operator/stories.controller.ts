import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { type SearchHitView, SearchService, type Story, STORY_KINDS, type StoryKind, StoryService } from '#insight';
import { ApiQueryOf, notFound, OperatorAccess, type Page } from '#platform';

/** What is looked for. */
export class SearchDto {
  /**
   * The id or number of an order, a track number, an id of ours, the CRM's or a provider's, an invoice, a
   * phone, a host, the number of a request.
   */
  @IsString() @MinLength(1) @MaxLength(100) q!: string;
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
   * Finds things of all shops by what is known of them. At most ten of each kind of match; each hit says what
   * it was found by, and where its story is.
   */
  @Get('search')
  @ApiQueryOf(SearchDto)
  async search(@Query() { q }: SearchDto): Promise<Page<SearchHitView>> {
    const items = await this.searches.search(q);
    return { items, total: items.length };
  }

  /**
   * All that is known of a delivery, payment, call, dialogue or order on one line of time: callbacks, calls
   * of providers, states, messages to the CRM and its answers, webhooks and polls; what waits, and why.
   */
  @Get('stories/:kind/:id')
  @ApiQueryOf(StoryDto)
  readStory(@Param('kind') kind: string, @Param('id') id: string, @Query() { connection }: StoryDto): Promise<Story> {
    if (!isStoryKind(kind)) throw notFound('kind of stories', kind);
    return this.stories.tell(kind, id, connection);
  }
}

function isStoryKind(kind: string): kind is StoryKind {
  return (STORY_KINDS as readonly string[]).includes(kind);
}
