import { type DoubleOptions, ServiceDouble, ServiceRefusal } from '#testing';

/** A call as it is to go. */
export interface PlayedCall {
  direction: 'in' | 'out';
  extension: string;
  /** Digits. */
  customer: string;
  /** Whether the called party takes it; otherwise it rings in vain. */
  isAnswered: boolean;
  /** The service's id of it; one of its own when left out. */
  call?: string;
}

const PLACED = {
  ...{ type: 'object', additionalProperties: false, required: ['call', 'extension', 'customer'] },
  properties: { call: { type: 'string' }, extension: { type: 'string' }, customer: { type: 'string', pattern: '^\\d{5,15}$' } },
};
const PLAYED = {
  ...{ type: 'object', additionalProperties: false, required: ['direction', 'extension', 'customer', 'isAnswered'] },
  properties: { direction: { enum: ['in', 'out'] }, ...PLACED.properties, isAnswered: { type: 'boolean' } },
};

/** The service in memory, as its documentation describes it: write here what the real service does. */
export class TemplateDouble extends ServiceDouble {
  /** Phones that it has. */
  readonly extensions = new Set(['101', '102']);
  /** Ids of the calls that it was asked for and placed, in order. */
  readonly placed: string[] = [];
  /** Milliseconds between the parts of a call. */
  paceMs = 0;
  private last = 0;

  constructor() {
    super('template-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo office' }) });
    this.route({
      ...{ call: 'place', method: 'POST', path: '/calls', body: PLACED },
      act: ({ body }) => {
        const call = body as { call: string; extension: string; customer: string };
        if (!this.extensions.has(call.extension)) throw new ServiceRefusal(404, 'no_extension', 'There is no such extension');
        this.placed.push(call.call);
        this.play({ ...call, direction: 'out', isAnswered: true });
        return { call: call.call };
      },
    });
    this.control('calls', PLAYED, (call: PlayedCall) => this.play(call));
  }

  /** Plays a call to its end: it rings, is perhaps answered, and ends. */
  play({ call = `c-${++this.last}`, isAnswered, ...parties }: PlayedCall): void {
    const startedAt = new Date().toISOString();
    const begun = { call, ...parties, startedAt };
    const tell = (event: object): void => this.post({ id: `e-${++this.last}`, ...event });
    const answer = (): object => ({ ...begun, ...(isAnswered && { answeredAt: new Date().toISOString() }) });
    const end = (event: object): void => tell({ ...event, endedAt: new Date().toISOString(), result: isAnswered ? 'answered' : 'missed' });
    tell(begun);
    if (this.paceMs === 0) {
      const answered = answer();
      if (isAnswered) tell(answered);
      return end(answered);
    }
    this.later(this.paceMs, () => {
      const answered = answer();
      if (isAnswered) tell(answered);
      this.later(this.paceMs, () => end(answered));
    });
  }
}

/** Starts one, whose calls take four seconds; `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return Object.assign(new TemplateDouble(), { paceMs: 2_000 }).listen(options);
}
