const trailerFlag = 0x80;

/** The status of a call, if this frame of its answer is the one that holds it. */
export function statusIn(frame: Uint8Array): number | undefined {
  if (((frame[0] ?? 0) & trailerFlag) === 0) return undefined;
  const status = /^grpc-status:\s*(\d+)/im.exec(new TextDecoder().decode(frame.subarray(5)))?.[1];
  return status === undefined ? undefined : Number(status);
}
