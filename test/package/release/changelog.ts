/** The next version; `part` is what of it grows. */
export function nextVersion(version: string, part: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (part === "major") return `${major + 1}.0.0`;
  if (part === "minor") return `${major}.${minor + 1}.0`;
  if (part === "patch") return `${major}.${minor}.${patch + 1}`;
  throw new Error(`A release is patch, minor or major, not ${part || "nothing"}.`);
}

/** The changelog with what is unreleased under this version and day. Throws where nothing is. */
export function releaseChangelog(changelog: string, version: string, day: string): string {
  const [head, body] = changelog.split("## Unreleased\n");
  if (head === undefined || body === undefined || !/^\s*- /.test(body)) {
    throw new Error("CHANGELOG.md has nothing under `## Unreleased`: say what is new first.");
  }
  return `${head}## Unreleased\n\n## ${version} (${day})\n${body}`;
}
