import process from "node:process";
import { createEtcd } from "../../../src/index.ts";

// What a page does, in a process whose surroundings say which authorities it trusts: it follows a key, and prints.
await using etcd = createEtcd({ endpoints: (process.env.ENDPOINTS ?? "").split(",") });
const watch = etcd.watch({ prefix: "config/numbers/" });
await watch.opened;
console.log("watching");
for await (const event of watch) if (event.type === "put") console.log(event.kv.text());
