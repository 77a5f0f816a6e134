import type { Step } from "../step.ts";

export const compaction: Step = {
  name: "compaction",
  title: "Forgetting",
  text: "Keeping every value for ever would fill the disk. So now and then somebody compacts: etcd forgets what was replaced before a revision. The present stays, all of it; only the way back becomes shorter.",
  code: `await etcd.compact(5n);
await etcd.get("counter", { revision: 3n });
// EtcdError "compacted"`,
  learned:
    "A client that was away for longer than the history lasts has to read everything anew, and goes on from there. The live views of this library do that by themselves.",
  async begin({ etcd, did, saw, failed }) {
    for (const value of ["1", "2", "3", "4", "5"]) await etcd.put("counter", value);
    return [
      {
        label: "Look back",
        async run() {
          did('await etcd.get("counter", { revision: 3n })');
          saw(`At revision 3 it was ${(await etcd.get("counter", { revision: 3n }))?.text()}.`);
        },
      },
      {
        label: "Forget what is older than revision 5",
        async run() {
          did("await etcd.compact(5n)");
          await etcd.compact(5n);
          saw("Done.");
        },
      },
      {
        label: "Look back again",
        async run() {
          did('await etcd.get("counter", { revision: 3n })');
          await etcd.get("counter", { revision: 3n }).then(
            () => saw("It is still there."),
            (error: unknown) => failed(error),
          );
        },
      },
      {
        label: "Look at the present",
        async run() {
          did('await etcd.get("counter")');
          saw(`It is ${(await etcd.get("counter"))?.text()}, as before.`);
        },
      },
    ];
  },
};
