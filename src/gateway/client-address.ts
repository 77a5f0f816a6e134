/** What limits go by. */
export interface Origin {
  /** The other end of the connection; undefined where it has gone already. */
  readonly remote: string | undefined;
  /** `X-Forwarded-For`, as it came. */
  readonly forwarded: string | undefined;
}

/**
 * Who calls, for counting. Each proxy that is trusted has written down who called it, at the end of the list; what is
 * further left anybody may have made up. Of IPv6 the first half: a single machine has all addresses of the other.
 */
export function clientOf({ remote = "", forwarded = "" }: Origin, proxies: number): string {
  const hops = [...forwarded.split(",").map(addressOf), remote].filter((hop) => hop !== "");
  return networkOf(hops[Math.max(0, hops.length - 1 - proxies)] ?? "");
}

/** Without brackets and port: some proxies write both, and each connection comes from another port. */
function addressOf(hop: string): string {
  const [, v6, v4] = /^\[([^\]]+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop.trim()) ?? [];
  return v6 ?? v4 ?? hop.trim();
}

function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":");
}
