import type { Limit, Slot, SlotStore } from './rate-limiter.js';

/** The part of an ioredis client (`Redis` or `Cluster`) that is used. */
export interface RedisClient {
  eval(script: string, numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/** Reads the clock and the bucket. `keep` writes it back with one more slot. */
const SLOTS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local calls, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local row = redis.call('HMGET', KEYS[1], 'given', 'closed')
local given = {}
for at in string.gmatch(row[1] or '', '[^ ]+') do given[#given + 1] = tonumber(at) end
local function keep(given, at, calls)
  given[#given + 1] = at
  table.sort(given)
  local kept = {}
  for i = math.max(1, #given - calls + 1), #given do kept[#kept + 1] = string.format('%.3f', given[i]) end
  redis.call('HSET', KEYS[1], 'given', table.concat(kept, ' '))
end`;

/**
 * ARGV: calls, window, even (1 or 0), maximum wait. Returns whether the slot was taken and the wait in
 * microseconds.
 */
const TAKE = `${SLOTS}
local at = math.max(now, tonumber(row[2] or '0'))
if #given >= calls then at = math.max(at, given[#given - calls + 1] + window) end
if ARGV[3] == '1' and #given > 0 then at = math.max(at, given[#given] + window / calls) end
local wait = at - now
if wait > tonumber(ARGV[4]) then return { 0, math.ceil(wait * 1000) } end
keep(given, at, calls)
redis.call('PEXPIRE', KEYS[1], math.ceil(wait + window) + 60000)
return { 1, math.ceil(wait * 1000) }`;

/** ARGV: calls, window. */
const NOTE = `${SLOTS}
keep(given, now, calls)
redis.call('PEXPIRE', KEYS[1], math.ceil(window) + 60000)
return 1`;

const CLOSE = `
local time = redis.call('TIME')
local closed = time[1] * 1000 + time[2] / 1000 + tonumber(ARGV[1])
if closed > tonumber(redis.call('HGET', KEYS[1], 'closed') or '0') then redis.call('HSET', KEYS[1], 'closed', string.format('%.3f', closed)) end
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[1])) + 60000)
return 1`;

/** Slots counted in Redis by its clock. Each call runs one script on one key, so a cluster works too. */
export class RedisSlots implements SlotStore {
  constructor(
    private readonly redis: RedisClient,
    private readonly prefix = 'crm-slots:',
  ) {}

  async take(bucket: string, limit: Limit, even: boolean, maxWait: number): Promise<Slot> {
    const key = this.prefix + bucket;
    const answer = await this.redis.eval(TAKE, 1, key, limit.calls, limit.window, even ? 1 : 0, Math.min(maxWait, 1e12));
    const [taken, micros] = answer as [number, number];
    return { taken: taken === 1, wait: micros / 1000 };
  }

  async note(bucket: string, limit: Limit): Promise<void> {
    await this.redis.eval(NOTE, 1, this.prefix + bucket, limit.calls, limit.window);
  }

  async close(bucket: string, ms: number): Promise<void> {
    await this.redis.eval(CLOSE, 1, this.prefix + bucket, ms);
  }
}
