import { Global, Module } from '@nestjs/common';
import { AccountNotices, ConnectionsModule } from '#connections';
import { OutboxModule } from '#outbox';
import { OutboxAccountNotices } from './account-notices.js';
import { AccountSettingsService } from './account-settings.service.js';
import { AccountService } from './account.service.js';
import { ActivityService } from './activity.service.js';
import { NotificationPacker } from './notification.packer.js';
import { RegistrationCheck } from './registration-check.js';
import { RegistrationParts } from './registration-parts.js';
import { RegistrationPacker } from './registration.packer.js';
import { RegistrationService } from './registration.service.js';
import { SimpleConnectionService } from './simple-connection.service.js';

const services = [
  RegistrationParts,
  RegistrationService,
  RegistrationCheck,
  SimpleConnectionService,
  ActivityService,
  AccountSettingsService,
  AccountService,
];

/** What makes an account a customer. */
@Global()
@Module({
  imports: [ConnectionsModule, OutboxModule],
  providers: [
    ...services,
    RegistrationPacker,
    NotificationPacker,
    OutboxAccountNotices,
    { provide: AccountNotices, useExisting: OutboxAccountNotices },
  ],
  exports: [...services, AccountNotices],
})
export class OnboardingModule {}
