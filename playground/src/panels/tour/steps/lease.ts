import type { Lease } from "etcd-web";
import type { Step } from "../step.ts";

export const lease: Step = {
  name: "lease",
  title: "A lease",
  text: "A program that crashes cannot tidy up. So its keys hang on a lease, which runs out unless the program gives a sign of life now and then. This client gives them by itself, for as long as it runs.",
  code: `await using lease = await etcd.lease({ ttlSeconds: 5 });
await etcd.put("online/ann", "yes", { lease });`,
  learned: "That is how etcd knows which servers are up, and how a lock comes free when its holder is gone.",
  async begin(stage) {
    const { etcd } = stage;
    let ann: Lease | undefined;
    return [
      {
        label: "Ann is online",
        async run() {
          stage.did("const lease = await etcd.lease({ ttlSeconds: 5 })");
          ann = await etcd.lease({ ttlSeconds: 5, signal: stage.signal });
          stage.did('await etcd.put("online/ann", "yes", { lease })');
          await etcd.put("online/ann", "yes", { lease: ann });
          stage.saw("The key is there for as long as the lease is. Signs of life go out without being asked for.");
        },
      },
      {
        label: "Ann's computer crashes",
        async run() {
          stage.saw("No more signs of life. The key is still there: etcd waits.");
          ann?.release();
          await stage.until(async () => {
            const seconds = (await ann?.timeToLive())?.ttlSeconds ?? -1;
            stage.now(seconds < 0 ? "" : `The lease runs out in ${seconds} s.`);
            return (await etcd.get("online/ann")) === undefined;
          });
          stage.now("");
          stage.heard("The lease has run out, and etcd has deleted the key.");
        },
      },
    ];
  },
};
