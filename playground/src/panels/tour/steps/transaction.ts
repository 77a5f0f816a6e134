import { compare, op } from "etcd-web";
import type { Stage } from "../stage.ts";
import type { Step } from "../step.ts";

export const transaction: Step = {
  name: "transaction",
  title: "All or nothing",
  text: "Two people want the same seat. A transaction asks first and writes only if the answer is still yes; nobody can come between the two. Either all of its writes happen, at one revision, or none.",
  code: `const booked = await etcd.txn({
  compare: [
    compare.value("seat/7")
      .equals("free"),
  ],
  success: [
    op.put("seat/7", "Ann"),
    op.put("ticket/Ann", "seat 7"),
  ],
  failure: [op.get("seat/7")],
});`,
  learned: "If, then, else: locks, queues and counters are built from this one thing.",
  async begin(stage) {
    await stage.etcd.put("seat/7", "free");
    return ["Ann", "Ben"].map((name) => ({
      label: `Book seat 7 for ${name}`,
      run: () => book(stage, name),
    }));
  },
};

async function book(stage: Stage, name: string): Promise<void> {
  stage.did(`await etcd.txn({ … op.put("seat/7", "${name}"), op.put("ticket/${name}", "seat 7") … })`);
  const { succeeded, results, revision } = await stage.etcd.txn({
    compare: [compare.value("seat/7").equals("free")],
    success: [op.put("seat/7", name), op.put(`ticket/${name}`, "seat 7")],
    failure: [op.get("seat/7")],
  });
  if (succeeded) stage.saw(`Booked: both keys were written at revision ${revision}.`);
  else stage.saw(`Not booked: ${results[0]?.text()} has it. Nothing was written, not even a ticket.`);
}
