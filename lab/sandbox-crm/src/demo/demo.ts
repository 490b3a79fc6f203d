import type { ControlClient } from '../cli/control-client.js';
import { asObject } from '../json.js';
import { DeliveryDemo } from './delivery-demo.js';
import { type DemoOptions, DemoRun } from './demo-run.js';
import { DialogueDemo } from './dialogue-demo.js';
import { PaymentDemo } from './payment-demo.js';
import { RecommendationDemo } from './recommendation-demo.js';
import { StoreDemo } from './store-demo.js';
import { TelephonyDemo } from './telephony-demo.js';
import { VisitDemo } from './visit-demo.js';

/** The parts of the demo, by the kind of integration that a module must have registered. */
const PARTS: { readonly [kind: string]: (demo: DemoRun) => { run(): Promise<string[]> } } = {
  delivery: (demo) => new DeliveryDemo(demo),
  payment: (demo) => new PaymentDemo(demo),
  store: (demo) => new StoreDemo(demo),
  telephony: (demo) => new TelephonyDemo(demo),
  recommendation: (demo) => new RecommendationDemo(demo),
  mgTransport: (demo) => (isMessenger(demo) ? new DialogueDemo(demo) : new VisitDemo(demo)),
};

/**
 * Connects a module to a running sandbox and plays each integration that it registered.
 * @returns the exit code: 0, 1 for a failure, 2 for a violation of the contract
 */
export async function runDemo(client: ControlClient, options: DemoOptions): Promise<number> {
  const demo = new DemoRun(client, options);
  if (!(await demo.connect())) return demo.summary([]);
  const parts = Object.entries(PARTS).filter(([kind]) => demo.integration(kind) !== undefined);
  if (parts.length === 0)
    demo.problems.push('the module registered nothing that the demo can play: its account page may want settings first');
  const facts: string[] = [];
  for (const [, makePart] of parts) facts.push(...(await makePart(demo).run()));
  return demo.summary(facts);
}

/** Whether to play a dialogue: the module does not support visits, or a messenger's double is given. */
function isMessenger(demo: DemoRun): boolean {
  return demo.options.messenger !== undefined || Object.keys(asObject(demo.integration('mgTransport')?.['actions'])).length === 0;
}
