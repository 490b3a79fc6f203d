import { Module } from '@nestjs/common';
import { CourierProvider } from './courier.provider.js';
import { TrackNumberSequence } from './track-number.sequence.js';

/** The courier service. Needs the application's TypeORM DataSource with this folder's migrations run. */
@Module({ providers: [TrackNumberSequence, CourierProvider], exports: [CourierProvider] })
export class CourierModule {}
