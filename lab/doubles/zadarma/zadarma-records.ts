import { randomBytes } from 'node:crypto';

const LIFETIME_S = { least: 180, most: 5_184_000, usual: 1_800 };

/** A recording of a call. A transferred call may have several. */
interface Recording {
  /** Seconds and a counter. */
  id: string;
  pbxCallId: string;
  bytes: Buffer;
  /** Milliseconds since 1970; `Infinity` until the call ends. */
  readyAt: number;
}

/** An address at which a recording is downloaded for some time. */
interface RecordLink {
  recording: Recording;
  until: number;
}

/** The recordings of the PBX: kept until they are forgotten, downloaded at addresses that expire. */
export class ZadarmaRecords {
  private readonly recordings = new Map<string, Recording>();
  private readonly links = new Map<string, RecordLink>();
  private counter = 0;

  /** Begins a recording, which replaces the oldest of `most`. It is ready at `finish`. Returns its id. */
  begin(pbxCallId: string, bytes: Uint8Array, most = Infinity): string {
    const [oldest] = this.recordings.keys();
    if (oldest !== undefined && this.recordings.size >= most) this.recordings.delete(oldest);
    const id = `${Math.floor(Date.now() / 1000)}.${75_000 + this.counter++}`;
    this.recordings.set(id, { id, pbxCallId, bytes: Buffer.from(bytes), readyAt: Infinity });
    return id;
  }

  /** The recording is ready after `afterMs`. */
  finish(id: string, afterMs: number): void {
    const recording = this.recordings.get(id);
    if (recording) recording.readyAt = Date.now() + afterMs;
  }

  /** The recordings of a call, or the one of an id. Recordings that are not ready yet only with `early`. */
  find(name: 'call_id' | 'pbx_call_id', id: string, early: boolean): Recording[] {
    const all = [...this.recordings.values()].filter((one) => (name === 'call_id' ? one.id : one.pbxCallId) === id);
    return all.filter(({ readyAt }) => early || readyAt <= Date.now());
  }

  /** Makes an address below `base`. Undefined when such a time is not offered. */
  link(recording: Recording, base: string, lifetime = String(LIFETIME_S.usual)): { link: string; till: Date } | undefined {
    const seconds = /^\d+$/.test(lifetime) ? Number(lifetime) : 0;
    if (seconds < LIFETIME_S.least || seconds > LIFETIME_S.most) return undefined;
    const token = randomBytes(16).toString('hex');
    const till = new Date(Date.now() + seconds * 1000);
    this.links.set(token, { recording, until: till.getTime() });
    return { link: `${base}${token}/1-${recording.id}.mp3`, till };
  }

  /** The bytes behind an address. Undefined when it has expired, or its recording does not exist. */
  download(token: string): Buffer | undefined {
    const { recording, until } = this.links.get(token) ?? {};
    if (!recording || (until ?? 0) < Date.now() || recording.readyAt > Date.now()) return undefined;
    return this.recordings.has(recording.id) ? recording.bytes : undefined;
  }

  /** Deletes all recordings, as a storage that is full does with the oldest. */
  forget(): void {
    this.recordings.clear();
  }

  clear(): void {
    this.forget();
    this.links.clear();
  }
}
