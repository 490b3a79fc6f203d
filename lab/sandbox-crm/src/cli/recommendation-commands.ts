import type { Command } from 'commander';
import type { CommandTools } from './payment-commands.js';
import { recommendationLines } from './recommendation-output.js';

/** Adds the command of recommendations. `--module`: the recommendation module. */
export function addRecommendationCommands(program: Command, tools: CommandTools): void {
  program
    .command('recommend')
    .description('ask the module which products go with these')
    .argument('<products...>', 'id or externalId')
    .option('--mode <code>', "a mode of the module, such as buying_with, analogs (default: the module's first)")
    .option('--external-ids', 'name products to the module by their external ids', false)
    .action(async (products: string[], options: { mode?: string; externalIds: boolean }) => {
      const outcome = await tools.callback('recommendation', {
        products,
        mode: options.mode,
        by: options.externalIds ? 'externalId' : 'id',
      });
      tools.showOutcome(outcome, recommendationLines(outcome));
    });
}
