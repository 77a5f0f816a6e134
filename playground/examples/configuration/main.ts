import { once } from "node:events";
import { createEtcd } from "etcd-web";
import { createView } from "etcd-web/live";

const endpoints = process.env.ENDPOINTS?.split(",") ?? "http://127.0.0.1:8080";
await using etcd = createEtcd({ endpoints });

// The settings of an app: JSON at config/NAME, and a default for what nobody has set.
await using settings = createView(
  etcd.namespace("config/"),
  { all: true },
  {
    decode: (kv) => kv.json<string | number>(),
    defaults: { theme: "light", pageSize: 20 },
  },
);

function show(): void {
  const { values, faults, stale } = settings.getSnapshot();
  console.log(stale ? "perhaps" : "now", JSON.stringify(Object.fromEntries(values)));
  for (const name of faults.keys()) console.log(`${name} is not JSON: its last good value stays`);
}

show(); // at once, before etcd has answered
settings.subscribe(show); // and after every change
await once(process, "SIGINT");
