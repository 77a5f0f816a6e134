const whole = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** 12,345 */
export function formatCount(count: number | bigint): string {
  return whole.format(count);
}

/** 1 key, 12,345 keys */
export function countOf(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** 12 B, 1.5 KiB, 3 MiB, 2 GiB */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${short.format(bytes / 1024)} KiB`;
  return bytes < 1024 ** 3 ? `${short.format(bytes / 1024 ** 2)} MiB` : `${short.format(bytes / 1024 ** 3)} GiB`;
}

/** 45 s, 3 min 20 s, 2 h 5 min, 3 d 4 h */
export function formatSeconds(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return "0 s";
  let left = Math.floor(seconds);
  const parts: string[] = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}

/** An id of etcd's in hexadecimal, as etcdctl shows it. */
export function formatId(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16);
}
