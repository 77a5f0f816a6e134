import { etcd } from "playground";

// A watch begins when it is opened, or with its first event.
const watch = etcd.watch({ prefix: "greetings/" });
await watch.opened;

await etcd.put("greetings/en", "hello");
await etcd.put("greetings/de", "hallo");
await etcd.delete("greetings/en");

// It goes on until you stop it: put a key greetings/… in another window.
for await (const event of watch) {
  const value = event.type === "put" ? event.kv.text() : "";
  console.log(`revision ${event.kv.modRevision}: ${event.type} ${event.kv.keyText()} ${value}`);
}
