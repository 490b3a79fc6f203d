import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { CallbackError, textFor } from '#platform';
import type { FirstStep, StepSign } from '#provider-kit';
import { texts } from '../onboarding.texts.js';
import { RegistrationContributors } from '../contributors/registration-contributors.js';
import { ProviderSetups } from '../provider-setup/provider-setups.js';
import { AllProviders } from '../provider-setup/all-providers.js';
import type { ProviderSetupView } from '../provider-setup/provider-setup-view.js';
import type { Trials, TrialView } from '../contributors/trials.js';

/** A step of an account's first start. Texts are in the account's language. */
export interface FirstStepView {
  /** The task, in a few words. */
  title: string;
  /** Instructions, in a sentence or two. */
  text: string;
  /**
   * Place on the page: a section of the settings, `connect` or `rules`. Missing: the step is elsewhere, such
   * as in the CRM.
   */
  section?: string;
  isDone: boolean;
  /** Whether the page can do the step: `POST .../trial`. */
  canTry?: boolean;
}

/** First steps of an account with a provider, in order. */
export interface FirstStepsView {
  steps: FirstStepView[];
}

/** Returns an account's progress through its first steps, for its page. */
@Injectable()
export class FirstStepsService {
  constructor(
    private readonly setups: ProviderSetups,
    private readonly providers: AllProviders,
    private readonly contributors: RegistrationContributors,
  ) {}

  /** Lists the steps of the connection's provider. May be empty. */
  async list(connection: Connection): Promise<FirstStepsView> {
    const steps: readonly FirstStep<object>[] = connection.module.manifest.firstSteps ?? [];
    const service = steps.length > 0 ? await this.setups.view(connection) : undefined;
    const { language } = connection.account;
    const views: FirstStepView[] = [];
    // A service may accept settings without any input. A module that was used stays used.
    let isEntered = true;
    for (const step of steps) {
      const isDone: boolean =
        'sign' in step
          ? (isEntered || step.sign === 'used') && (await this.sees(step.sign, connection, service))
          : step.isDone(connection.settings);
      if (!('sign' in step)) isEntered &&= isDone;
      const { title, text, section, trial } = step;
      const canTry = !isDone && isEntered && trial !== undefined && this.findTrials(connection)?.isOffered(connection) === true;
      views.push({
        title: textFor(title, language),
        text: textFor(canTry ? trial : text, language),
        ...(section !== undefined && { section }),
        isDone,
        ...(canTry && { canTry }),
      });
    }
    return { steps: views };
  }

  /**
   * Starts the trial that the connection's page offers. Throws CallbackError 404 if there is none,
   * ProviderError.
   */
  startTrial(connection: Connection): Promise<TrialView> {
    return this.getTrials(connection).start(connection);
  }

  /** Returns the trial's progress. Throws CallbackError 404 if the page offers no trial. */
  readTrial(connection: Connection): Promise<TrialView> {
    return this.getTrials(connection).read(connection);
  }

  private getTrials(connection: Connection): Trials {
    const trials = this.findTrials(connection);
    if (!trials) throw new CallbackError(404, textFor(texts.noTrials, connection.account.language));
    return trials;
  }

  private findTrials({ module }: Connection): Trials | undefined {
    return this.contributors.of(module.integration).trials;
  }

  private async sees(sign: StepSign, connection: Connection, service: ProviderSetupView | undefined): Promise<boolean> {
    switch (sign) {
      case 'checked':
        return service?.check?.state === 'ok';
      case 'set-up':
        return service?.state === 'connected';
      case 'used':
        return this.isUsed(connection);
    }
  }

  private async isUsed(connection: Connection): Promise<boolean> {
    const calls = this.providers.of(connection);
    if (calls.has(connection, 'isUsed')) return calls.call(connection, 'isUsed', (provider, context) => provider.isUsed(context));
    return (await this.contributors.of(connection.module.integration).isUsed?.(connection)) ?? false;
  }
}
