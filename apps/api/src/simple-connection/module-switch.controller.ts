import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallbackGuard, type Connection, CurrentConnection, JsonField, PlainFields, UseConnection } from '#connections';
import { ModuleSwitchDto, ModuleSwitchService, SettingsDto, SystemUrlDto } from '#onboarding';

/**
 * The activity and settings callbacks (docs/contract/simple-connection.md), also for inactive accounts.
 */
@ApiTags('account callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
@UseConnection('any')
export class ModuleSwitchController {
  constructor(private readonly service: ModuleSwitchService) {}

  /** The module was switched on, off or frozen in an account. */
  @Post('activity')
  @HttpCode(200)
  async changeActivity(
    @CurrentConnection() connection: Connection,
    @JsonField('activity') dto: ModuleSwitchDto,
    @PlainFields() { systemUrl }: SystemUrlDto,
    @Body('billingInfo') billingInfo: unknown,
  ): Promise<{ success: true }> {
    await this.service.apply(connection, dto, systemUrl, jsonOrUndefined(billingInfo));
    return { success: true };
  }

  /** The account's settings, such as its currency and language, have changed. */
  @Post('settings')
  @HttpCode(200)
  async changeAccountSettings(
    @CurrentConnection() connection: Connection,
    @JsonField('settings') dto: SettingsDto,
    @Body('settings') sent: unknown,
  ): Promise<{ success: true }> {
    await this.service.settings(connection, dto, jsonOrUndefined(sent));
    return { success: true };
  }
}

/** Parses a secondary part of a callback. An unreadable one is ignored. */
function jsonOrUndefined(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
