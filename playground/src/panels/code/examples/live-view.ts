import { createView } from "etcd-web/live";
import { etcd } from "playground";

// The settings of an app, always current, and readable without waiting.
const settings = createView(
  etcd.namespace("config/"),
  { all: true },
  { decode: (kv) => kv.json<string | number>(), defaults: { theme: "light", pageSize: 20 } },
);
await settings.ready();
console.log("to begin with:", settings.getSnapshot().values);
settings.subscribe(({ revision }) => console.log(`revision ${revision}:`, settings.getSnapshot().values));

const watch = etcd.watch({ prefix: "config/" });
await watch.opened;
await etcd.put("config/theme", JSON.stringify("dark"));
await etcd.put("config/pageSize", "50");

// What is exported is shown, item by item as they come. This one ends with the tenth change.
async function* changes() {
  let seen = 0;
  for await (const { revision, events } of watch.batches()) {
    yield { revision, keys: events.map(({ kv }) => kv.keyText()) };
    if (++seen === 10) return;
  }
}
export default changes();
