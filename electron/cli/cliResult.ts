/** One finished command, with the fields that the specification's methods return. */
export interface CliResult {
  readonly status: 'success';
  readonly message: string;
  readonly [field: string]: unknown;
}

export const success = (message: string, fields: Readonly<Record<string, unknown>> = {}): CliResult => ({
  ...fields,
  status: 'success',
  message,
});
