/** A bug that a client cannot make up for. */
export interface KnownBug {
  readonly what: string;
  /** Data or events are lost, or shown to whom they should not be. */
  readonly loses: boolean;
  /** The first patch without it, by line. A line that is missing has it throughout; "never": not affected. */
  readonly mended: Readonly<Partial<Record<Line, string | "never">>>;
}

type Line = "3.4" | "3.5" | "3.6" | "3.7";

/** From etcd's changelogs 3.4 to 3.7. What this package's client tolerates is not among them. */
const bugs: readonly KnownBug[] = [
  {
    what: "a slow watch silently skips events that were compacted (etcd#17529)",
    ...{ loses: true, mended: { "3.4": "3.4.31", "3.5": "3.5.13", "3.6": "never", "3.7": "never" } },
  },
  {
    what: "a delete is lost to a watch when its revision is compacted (etcd#18089, etcd#19179)",
    ...{ loses: true, mended: { "3.4": "3.4.36", "3.5": "3.5.18", "3.6": "never", "3.7": "never" } },
  },
  {
    what: "a leader that was replaced may revoke leases that are alive (fixed with etcd#16822)",
    ...{ loses: true, mended: { "3.4": "3.4.31", "3.5": "3.5.13", "3.6": "never", "3.7": "never" } },
  },
  {
    what: "members may disagree on their data after a crash (etcd#13766)",
    ...{ loses: true, mended: { "3.4": "never", "3.5": "3.5.3", "3.6": "never", "3.7": "never" } },
  },
  {
    what: "a cluster of one may lose its last writes in a crash (etcd#14370)",
    ...{ loses: true, mended: { "3.4": "3.4.21", "3.5": "3.5.5", "3.6": "never", "3.7": "never" } },
  },
  {
    what: "a linearizable read may be stale while the leader changes (etcd#20418)",
    ...{ loses: true, mended: { "3.4": "3.4.42", "3.5": "3.5.28", "3.6": "3.6.9", "3.7": "never" } },
  },
  {
    what: "a user of one key may watch all that follow it (GHSA-xg4h-6gfc-h4m8)",
    ...{ loses: true, mended: { "3.5": "3.5.33", "3.6": "3.6.14", "3.7": "3.7.1" } },
  },
  {
    what: "calls about leases, members, alarms and compaction need no sign-in (CVE-2026-33413)",
    ...{ loses: true, mended: { "3.4": "3.4.42", "3.5": "3.5.28", "3.6": "3.6.9", "3.7": "never" } },
  },
];

/** What is known of a version such as "3.5.14". */
export function bugsOf(version: string): {
  readonly known: readonly KnownBug[];
  /** The lowest version of the line that has none of them; of the next lines where this one never has. */
  readonly mendedIn: string;
  readonly tooOld: boolean;
} {
  const [major = 0, minor = 0] = numbersOf(version);
  const line = `${major}.${minor}` as Line;
  const known = bugs.filter(({ mended }) => isIn(version, line, mended));
  const patches = known.map(({ mended }) => mended[line]);
  const mendedIn = patches.includes(undefined) ? newestLine : (patches.sort((a, b) => order(a, b)).at(-1) ?? "");
  return { known, mendedIn, tooOld: major < 3 || (major === 3 && minor < 4) };
}

const newestLine = "3.7.1";

function isIn(version: string, line: Line, mended: KnownBug["mended"]): boolean {
  if (!["3.4", "3.5", "3.6", "3.7"].includes(line)) return false; // not known of it
  const fixed = mended[line];
  return fixed === undefined || (fixed !== "never" && order(version, fixed) < 0);
}

function order(a = "", b = ""): number {
  const [one, other] = [numbersOf(a), numbersOf(b)];
  const differs = one.findIndex((number, index) => number !== other[index]);
  return differs < 0 ? 0 : (one[differs] ?? 0) - (other[differs] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  return version.split(/[.+-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
}
