import { createEtcd } from "../../src/index.ts";
import { createView, shareTabs } from "../../src/live/index.ts";

/** What a tab has seen: revisions of a plain watch, and when its view showed which value. */
interface TabRecord {
  readonly revisions: string[];
  readonly shownAt: Record<string, number>;
  /** Watch streams that this tab has open. */
  streams: number;
  failure: string | undefined;
}

declare global {
  var startTab: (endpoint: string, startRevision: string, share: "reader" | "view") => void;
  var tabRecord: TabRecord;
}

globalThis.tabRecord = { revisions: [], shownAt: {}, streams: 0, failure: undefined };

globalThis.startTab = (endpoint, startRevision, share) => {
  const range = { prefix: "config/" };
  const etcd = createEtcd({ endpoints: endpoint, fetch: counted });
  const shared = share === "reader" ? shareTabs(etcd, { name: "test" }) : etcd;
  const view = createView(shared, range, { share: share === "view" });
  view.subscribe(() => {
    const value = view.get("config/n");
    if (value !== undefined) tabRecord.shownAt[value] ??= Date.now();
  });
  if (share === "view") return;
  const read = async (): Promise<void> => {
    for await (const { revision } of shared.watch(range, { startRevision: BigInt(startRevision) }).batches()) {
      tabRecord.revisions.push(revision.toString());
    }
  };
  read().catch((error: unknown) => {
    tabRecord.failure = String(error);
  });
};

const counted: typeof fetch = async (input, init) => {
  if (!String(input).endsWith("/Watch")) return await fetch(input, init);
  tabRecord.streams++;
  init?.signal?.addEventListener("abort", () => tabRecord.streams--);
  return await fetch(input, init);
};
