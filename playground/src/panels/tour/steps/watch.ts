import type { Step } from "../step.ts";

export const watch: Step = {
  name: "watch",
  title: "Watch",
  text: "Nobody has to ask again and again whether something has changed. A watch stays open, and etcd sends each change the moment it happens: what it was, what it is, and at which revision.",
  code: `for await (const event of etcd.watch("door")) {
  console.log(event.type, event.kv.modRevision);
}`,
  learned: "This page is made of watches: the list of keys on the right is one, too.",
  async begin(stage) {
    const { etcd } = stage;
    return [
      {
        label: "Watch the door",
        async run() {
          stage.did('for await (const event of etcd.watch("door")) …');
          const door = etcd.watch("door", { signal: stage.signal, prevKv: true });
          const revision = await door.opened;
          stage.saw(`The watch is open, from revision ${revision} on. Nothing has changed yet.`);
          stage.follow(door, (event) => {
            const before = event.prevKv === undefined ? "" : `, it was "${event.prevKv.text()}"`;
            const what = event.type === "put" ? `put "${event.kv.text()}"` : "delete";
            stage.heard(`The watch: ${what} at revision ${event.kv.modRevision}${before}.`);
          });
        },
      },
      {
        label: "Open the door",
        async run() {
          stage.did('await etcd.put("door", "open")');
          await etcd.put("door", "open");
        },
      },
      {
        label: "Close the door",
        async run() {
          stage.did('await etcd.put("door", "closed")');
          await etcd.put("door", "closed");
        },
      },
      {
        label: "Take the door away",
        async run() {
          stage.did('await etcd.delete("door")');
          await etcd.delete("door");
        },
      },
    ];
  },
};
