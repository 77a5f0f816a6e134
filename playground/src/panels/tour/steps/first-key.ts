import type { Step } from "../step.ts";

export const firstKey: Step = {
  name: "key",
  title: "A key and its value",
  text: "etcd keeps keys and values, and that is all it keeps. Programs put there what all of them must agree on: settings, who is in charge, which servers are up. On the right is an etcd that is empty, and yours alone.",
  code: `await etcd.put("greeting", "hello");
const kv = await etcd.get("greeting");
kv?.text(); // "hello"`,
  learned: "A key has one value. Whoever asks gets the last one that was written, whichever server answers.",
  async begin({ etcd, did, saw }) {
    return [
      {
        label: "Put a greeting",
        async run() {
          did('await etcd.put("greeting", "hello")');
          await etcd.put("greeting", "hello");
          saw("etcd has written it down.");
        },
      },
      {
        label: "Get it back",
        async run() {
          did('await etcd.get("greeting")');
          const kv = await etcd.get("greeting");
          saw(`The value is "${kv?.text()}".`);
        },
      },
    ];
  },
};
