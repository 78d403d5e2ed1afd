/** The settings cannot be used. `faults` has one sentence for each thing that is wrong; none contains a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}
