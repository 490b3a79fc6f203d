import { Module } from '@nestjs/common';
import type { Schema } from '#platform';
import { CourierProvider } from './courier.provider.js';
import { CourierBaseline1765000001700 } from './migrations/1765000001700-courier-baseline.js';
import { TrackNumberSequence } from './track-number.sequence.js';

/** Migrations of this folder. */
export const courierSchema: Schema = { entities: [], migrations: [CourierBaseline1765000001700] };

/** The courier service. Needs the application's TypeORM DataSource with this folder's migrations run. */
@Module({ providers: [TrackNumberSequence, CourierProvider], exports: [CourierProvider] })
export class CourierModule {}
