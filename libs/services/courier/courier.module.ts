import { Module } from '@nestjs/common';
import type { Schema } from '#platform';
import { CourierProvider } from './courier.provider.js';
import { CourierTrackNumbers1764000100000 } from './migrations/1764000100000-courier-track-numbers.js';
import { TrackNumberSequence } from './track-number.sequence.js';

/** Migrations of this folder. */
export const courierSchema: Schema = { entities: [], migrations: [CourierTrackNumbers1764000100000] };

/** The courier service. Needs the application's TypeORM DataSource with this folder's migrations run. */
@Module({ providers: [TrackNumberSequence, CourierProvider], exports: [CourierProvider] })
export class CourierModule {}
