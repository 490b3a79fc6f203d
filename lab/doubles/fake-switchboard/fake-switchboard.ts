import {
  Double,
  type DoubleOptions,
  flag,
  hand,
  type Infer,
  like,
  object,
  oneOf,
  Refusal,
  text,
  type WireCall,
} from '../../../libs/testing/double/index.js';

const customer = like(/^\d{5,15}$/);
const placed = object({ call: text(), extension: text(), customer });
/** `isAnswered`: otherwise it rings in vain. `call`: its id in the service. */
const played = object({ direction: oneOf('in', 'out'), extension: text(), customer, isAnswered: flag, 'call?': text() });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'place', method: 'POST', path: '/calls', body: placed, reply: object({ call: text() }) },
] as const satisfies readonly WireCall[];
export type FakeSwitchboardCall = (typeof WIRE)[number]['call'];

/** How the fake switchboard is started. */
export interface FakeSwitchboardOptions extends DoubleOptions {
  /** Milliseconds between the parts of a call. By default a call takes four seconds. */
  paceMs?: number;
}

/** A cloud PBX in memory that takes our ids of calls, and posts the present state of a call as it changes. */
export class FakeSwitchboard extends Double<typeof WIRE> {
  readonly extensions = new Set(['101', '102']);
  /** Ids of the calls that clients placed, in order. */
  readonly placed: string[] = [];
  /** The number in a client's last request to dial. */
  lastDialled: string | undefined;
  private last = 0;

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ paceMs = 2_000, ...options }: FakeSwitchboardOptions = {}): Promise<FakeSwitchboard> {
    return new FakeSwitchboard(paceMs).listen(options);
  }

  private constructor(private readonly paceMs: number) {
    super({ wire: WIRE, token: 'fake-switchboard-token' });
    this.serve({
      account: () => ({ name: 'Demo office' }),
      place: ({ body }) => {
        if (!this.extensions.has(body.extension)) throw new Refusal(404, 'no_extension', 'There is no such extension');
        this.placed.push(body.call);
        this.lastDialled = body.customer;
        this.play({ ...body, direction: 'out', isAnswered: true });
        return { call: body.call };
      },
    });
  }

  /** Plays a call to its end: it rings, is perhaps answered, and ends. */
  play({ call = `c-${++this.last}`, isAnswered, ...parties }: Infer<typeof played>): void {
    const startedAt = new Date().toISOString();
    const begun = { call, ...parties, startedAt };
    const post = (event: object): void => this.tell({ action: 'call', body: { id: `e-${++this.last}`, ...event } });
    const answer = (): object => ({ ...begun, ...(isAnswered && { answeredAt: new Date().toISOString() }) });
    const end = (event: object): void => post({ ...event, endedAt: new Date().toISOString(), result: isAnswered ? 'answered' : 'missed' });
    post(begun);
    if (this.paceMs === 0) {
      const answered = answer();
      if (isAnswered) post(answered);
      return end(answered);
    }
    this.later(this.paceMs, () => {
      const answered = answer();
      if (isAnswered) post(answered);
      this.later(this.paceMs, () => end(answered));
    });
  }

  /** `POST /control/calls`, for a double started by hand. */
  protected override listHands() {
    return { calls: hand(played, (call) => this.play(call)) };
  }
}
