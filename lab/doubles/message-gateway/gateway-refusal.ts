import { Refusal } from '../../../libs/testing/double/refusal.js';

/** A refusal of the gateway: the texts of `{"errors": [...]}`, which has no codes. */
export class GatewayRefusal extends Refusal {
  constructor(errors: string | readonly string[], status = 400, headers?: Readonly<Record<string, string>>) {
    const texts = typeof errors === 'string' ? [errors] : errors;
    super(status, '', texts.join('; '), texts, headers);
  }
}
