/** Seconds that a quiet stream is held at most. gRPC's time-outs have eight digits, which is little more in milliseconds. */
export const longestQuietSeconds = 86_400;
