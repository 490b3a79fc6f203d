import { Type } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { ZadarmaClient } from './zadarma.client.js';
import type { ZadarmaContext } from './zadarma.settings.js';

/** The notices of calls that can be switched on and off. */
export const NOTIFICATIONS = [
  ...(['notify_start', 'notify_internal', 'notify_answer', 'notify_end', 'notify_out_start', 'notify_out_end'] as const),
];

class WireNotifications implements Partial<Record<(typeof NOTIFICATIONS)[number], boolean>> {
  @IsOptional() @IsBoolean() notify_start?: boolean;
  @IsOptional() @IsBoolean() notify_internal?: boolean;
  @IsOptional() @IsBoolean() notify_answer?: boolean;
  @IsOptional() @IsBoolean() notify_end?: boolean;
  @IsOptional() @IsBoolean() notify_out_start?: boolean;
  @IsOptional() @IsBoolean() notify_out_end?: boolean;
}

/** `GET /v1/pbx/callinfo/` */
class WireCallinfo {
  @IsOptional() @IsString() url?: string;
  @IsOptional() @ValidateNested() @Type(() => WireNotifications) notifications?: WireNotifications;
}

class WireDone {}

/** Where an account's notices go. */
export interface Callinfo {
  /** Empty: nowhere. */
  url: string;
  whose: 'nobody' | 'ours' | 'others';
  /** All of them are switched on. */
  isComplete: boolean;
}

/** Asks where notices go; the connection's own address is known at whatever origin. Throws ProviderError. */
export async function readCallinfo(client: ZadarmaClient, context: ZadarmaContext): Promise<Callinfo> {
  const asked = await client.ask({ method: 'GET', path: '/v1/pbx/callinfo/', effect: false, answer: WireCallinfo }, context);
  const { url = '', notifications } = asked;
  return {
    url,
    whose: url === '' ? 'nobody' : isOurs(url, context) ? 'ours' : 'others',
    isComplete: NOTIFICATIONS.every((name) => notifications?.[name] === true),
  };
}

/** Sets the address of notices, which Zadarma tries at once. */
export async function setUrl(client: ZadarmaClient, context: ZadarmaContext): Promise<void> {
  const parameters = { url: context.webhookUrl };
  await client.ask({ method: 'POST', path: '/v1/pbx/callinfo/url/', parameters, effect: true, answer: WireDone }, context);
}

/** Switches all notices of calls on. */
export async function switchOn(client: ZadarmaClient, context: ZadarmaContext): Promise<void> {
  const parameters = Object.fromEntries(NOTIFICATIONS.map((name) => [name, 'true']));
  await client.ask({ method: 'POST', path: '/v1/pbx/callinfo/notifications/', parameters, effect: true, answer: WireDone }, context);
}

/** Removes the address of notices. */
export async function removeUrl(client: ZadarmaClient, context: ZadarmaContext): Promise<void> {
  await client.ask({ method: 'DELETE', path: '/v1/pbx/callinfo/url/', effect: true, answer: WireDone }, context);
}

/** An address without its query, where programs keep secrets. */
export function hideQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function isOurs(url: string, { connectionId }: ZadarmaContext): boolean {
  return URL.canParse(url) && `${new URL(url).pathname}/`.includes(`/webhooks/${connectionId}/`);
}
