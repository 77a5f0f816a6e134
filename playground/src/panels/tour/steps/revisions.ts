import type { Step } from "../step.ts";

export const revisions: Step = {
  name: "revisions",
  title: "Every write has a number",
  text: "etcd counts its writes, all keys together: that number is the revision. A value is never lost when it is replaced: whoever asks for an older revision gets what was true then.",
  code: `await etcd.put("colour", "green"); // revision 4
await etcd.get("colour", { revision: 3n });
// what it was before`,
  learned: "The revision is etcd's clock. With it a program can say exactly what it has seen, and go on from there.",
  async begin({ etcd, did, saw }) {
    let first = 0n;
    return [
      {
        label: "Paint it red, then blue, then green",
        async run() {
          for (const colour of ["red", "blue", "green"]) {
            did(`await etcd.put("colour", "${colour}")`);
            const { revision } = await etcd.put("colour", colour);
            first ||= revision;
            saw(`That is revision ${revision}.`);
          }
        },
      },
      {
        label: "Look back at the first colour",
        async run() {
          did(`await etcd.get("colour", { revision: ${first}n })`);
          const then = await etcd.get("colour", { revision: first });
          saw(`At revision ${first} it was ${then?.text()}.`);
        },
      },
      {
        label: "Look at the present one",
        async run() {
          did('await etcd.get("colour")');
          const kv = await etcd.get("colour");
          saw(`Now it is ${kv?.text()}: written at revision ${kv?.modRevision}, for the ${kv?.version}rd time.`);
        },
      },
    ];
  },
};
