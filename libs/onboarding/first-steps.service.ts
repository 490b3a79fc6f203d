import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { CallbackError, textFor } from '#platform';
import type { FirstStep, StepSign } from '#provider-kit';
import { texts } from './onboarding.texts.js';
import { RegistrationParts } from './registration-parts.js';
import { ServiceLinks } from './service-links.js';
import { ServiceProviders } from './service-providers.js';
import type { ServiceView } from './service-view.js';
import type { Trials, TrialView } from './trials.js';

/** A step of an account's first start; texts are in its language. */
export interface FirstStepView {
  /** What to do, in a few words. */
  title: string;
  /** How, in a sentence or two. */
  text: string;
  /** Where: a section of the settings, `connect` or `rules`; missing: not on the page, as in the CRM. */
  section?: string;
  isDone: boolean;
  /** The page can do it: `POST .../trial`. */
  canTry?: boolean;
}

/** What an account does first with a provider, in this order. */
export interface FirstStepsView {
  steps: FirstStepView[];
}

/** Says how far an account is with its first start, for its page. */
@Injectable()
export class FirstStepsService {
  constructor(
    private readonly links: ServiceLinks,
    private readonly providers: ServiceProviders,
    private readonly parts: RegistrationParts,
  ) {}

  /** Lists the steps of the connection's provider; none where it names none. */
  async list(connection: Connection): Promise<FirstStepsView> {
    const steps: readonly FirstStep<object>[] = connection.module.manifest.firstSteps ?? [];
    const service = steps.length > 0 ? await this.links.view(connection) : undefined;
    const { language } = connection.account;
    const views: FirstStepView[] = [];
    // A service accepts settings in which nothing was entered yet, too; what was used was used.
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

  /** Begins what the connection's page offers to try. Throws CallbackError 404 without one, ProviderError. */
  startTrial(connection: Connection): Promise<TrialView> {
    return this.getTrials(connection).start(connection);
  }

  /** How far it is. Throws CallbackError 404 where there is nothing to try. */
  readTrial(connection: Connection): Promise<TrialView> {
    return this.getTrials(connection).read(connection);
  }

  private getTrials(connection: Connection): Trials {
    const trials = this.findTrials(connection);
    if (!trials) throw new CallbackError(404, textFor(texts.noTrials, connection.account.language));
    return trials;
  }

  private findTrials({ module }: Connection): Trials | undefined {
    return this.parts.of(module.integration).trials;
  }

  private async sees(sign: StepSign, connection: Connection, service: ServiceView | undefined): Promise<boolean> {
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
    return (await this.parts.of(connection.module.integration).isUsed?.(connection)) ?? false;
  }
}
