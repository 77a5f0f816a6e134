import type { Step } from "../step.ts";

const laidOut = ["config/port", "config/theme", "servers/a", "servers/b", "servers/c"] as const;

export const ranges: Step = {
  name: "ranges",
  title: "Keys stand in order",
  text: "There are no folders in etcd. Keys stand in the order of their bytes, so that those with the same beginning stand together, and one question gets them all. A slash in a key is a habit, and nothing more.",
  code: `const { kvs } = await etcd.range({ prefix: "servers/" });
await etcd.count({ prefix: "servers/" }); // 3`,
  learned: "Choose the beginnings of your keys so that what is asked for together begins alike.",
  async begin({ etcd, did, saw }) {
    for (const key of laidOut) await etcd.put(key, key.startsWith("servers/") ? "up" : "set");
    return [
      {
        label: "Get all servers",
        async run() {
          did('await etcd.range({ prefix: "servers/" })');
          const { kvs } = await etcd.range({ prefix: "servers/" });
          saw(`${kvs.length} keys: ${kvs.map((kv) => kv.keyText()).join(", ")}.`);
        },
      },
      {
        label: "Add one, and count",
        async run() {
          did('await etcd.put("servers/d", "up")');
          await etcd.put("servers/d", "up");
          did('await etcd.count({ prefix: "servers/" })');
          saw(`${await etcd.count({ prefix: "servers/" })} servers. No value had to travel for that.`);
        },
      },
      {
        label: "Delete all servers",
        async run() {
          did('await etcd.delete({ prefix: "servers/" })');
          const { deleted } = await etcd.delete({ prefix: "servers/" });
          saw(`${deleted} keys are gone, in one write. The settings are still there.`);
        },
      },
    ];
  },
};
