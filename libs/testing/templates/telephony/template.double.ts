import { Double, type DoubleOptions, flag, hand, type Infer, like, object, oneOf, Refusal, text, type WireCall } from '#testing';

const customer = like(/^\d{5,15}$/);
const placed = object({ call: text(), extension: text(), customer });
/** `isAnswered`: otherwise it rings in vain. `call`: its id in the service. */
const played = object({ direction: oneOf('in', 'out'), extension: text(), customer, isAnswered: flag, 'call?': text() });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'place', method: 'POST', path: '/calls', body: placed, reply: object({ call: text() }) },
] as const satisfies readonly WireCall[];
export type TemplateCall = (typeof WIRE)[number]['call'];

/** The service in memory, according to its documentation. Write the real service's behaviour here. */
export class TemplateDouble extends Double<typeof WIRE> {
  readonly extensions = new Set(['101', '102']);
  /** Ids of the calls that clients placed, in order. */
  readonly placed: string[] = [];
  /** The number in a client's last request to dial. */
  lastDialled: string | undefined;
  /** Milliseconds between the parts of a call. */
  paceMs = 0;
  private last = 0;

  constructor() {
    super({ wire: WIRE, token: 'template-token' });
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

/** Starts one, whose calls take four seconds. `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return Object.assign(new TemplateDouble(), { paceMs: 2_000 }).listen(options);
}
