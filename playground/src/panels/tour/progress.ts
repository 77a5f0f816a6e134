/** Which steps have been done, and which was looked at last: kept in the browser. */
export interface TourProgress {
  readonly done: readonly string[];
  readonly last: string | undefined;
}

const item = "etcd-web-playground-tour";
const nothing: TourProgress = { done: [], last: undefined };

export function loadProgress(): TourProgress {
  try {
    const { done, last } = JSON.parse(localStorage.getItem(item) ?? "{}");
    return {
      done: Array.isArray(done) ? done.filter((name) => typeof name === "string") : [],
      last: typeof last === "string" ? last : undefined,
    };
  } catch {
    return nothing;
  }
}

export function saveProgress(progress: TourProgress): void {
  try {
    localStorage.setItem(item, JSON.stringify(progress));
  } catch {
    // Kept until the page is closed, then.
  }
}
