/** The system's word for what went wrong, such as ECONNREFUSED: Node hides it in the causes of an error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string" && /^[A-Z_]+$/.test(error.code)) return error.code;
  return systemCode(error.cause);
}

/** Whether a request that failed so has never left: nobody listens there, or there is no such name. */
export function neverSent(error: unknown): boolean {
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(systemCode(error) ?? "");
}
