import type { ControlClient } from '../cli/control-client.js';
import { DeliveryDemo } from './delivery-demo.js';
import { type DemoOptions, DemoRun } from './demo-run.js';
import { PaymentDemo } from './payment-demo.js';
import { RecommendationDemo } from './recommendation-demo.js';
import { StoreDemo } from './store-demo.js';
import { TelephonyDemo } from './telephony-demo.js';
import { VisitDemo } from './visit-demo.js';

/** The parts, by the kind of integration that a module must have registered. */
const PARTS: { readonly [kind: string]: new (demo: DemoRun) => { run(): Promise<string[]> } } = {
  delivery: DeliveryDemo,
  payment: PaymentDemo,
  store: StoreDemo,
  telephony: TelephonyDemo,
  recommendation: RecommendationDemo,
  mgTransport: VisitDemo,
};

/**
 * Connects a module to a running sandbox and plays each integration that it registered.
 * @returns the exit code: 0, 1 for a failure, 2 for a breach of the contract
 */
export async function runDemo(client: ControlClient, options: DemoOptions): Promise<number> {
  const demo = new DemoRun(client, options);
  if (!(await demo.connect())) return demo.summary([]);
  const parts = Object.entries(PARTS).filter(([kind]) => demo.integration(kind) !== undefined);
  if (parts.length === 0) demo.problems.push('the module registered nothing that the demo can play');
  const facts: string[] = [];
  for (const [, Part] of parts) facts.push(...(await new Part(demo).run()));
  return demo.summary(facts);
}
