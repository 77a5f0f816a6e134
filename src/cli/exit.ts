/** What the exit codes mean. */
export const exitCode = {
  /** Done; for the doctor: no fault. */
  fine: 0,
  /** It could not be done; for the doctor: there is a fault. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
} as const;

/** What `--help` says of them. */
export const exitCodesInHelp = `
Exit codes: 0 done, 1 it could not be done, 2 the command line is not understood.`;

/** It cannot be done; the message says why and what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? exitCode.failed;
  }
}
