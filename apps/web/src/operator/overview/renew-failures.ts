import type { Schemas } from '../api.js';
import type { LiveEvents } from '../live.js';

type Overview = Schemas['Overview'];

/**
 * Returns an overview with the latest numbers of failures from the live updates. These arrive within seconds,
 * while the overview's own figures may be half a minute old.
 */
export function renewFailures(overview: Overview, told: LiveEvents['failures'] | undefined): Overview {
  if (!told) return overview;
  return {
    ...overview,
    outbox: { ...overview.outbox, failed: told.outbox },
    inbox: { ...overview.inbox, failed: told.inbox },
    operations: { ...overview.operations, unknown: told.operations },
  };
}
