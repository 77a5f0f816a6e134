import { EtcdError } from "../base/errors.ts";

/** The name of a user or role, or "invalid-argument": what etcd says to an empty one is what it says to strangers. */
export function toName(name: string): string {
  if (typeof name === "string" && name !== "") return name;
  throw new EtcdError("invalid-argument", "The name of a user or a role must be text that is not empty");
}
