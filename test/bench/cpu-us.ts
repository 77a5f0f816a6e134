import process from "node:process";

/** Microseconds of processor time that this process has used so far. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
