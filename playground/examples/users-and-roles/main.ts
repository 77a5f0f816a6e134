import { createEtcd, isEtcdError, passwordAuth } from "etcd-web";
import { createAuth } from "etcd-web/admin";

const endpoints = process.env.ENDPOINTS?.split(",") ?? "http://127.0.0.1:8080";
const root = { name: "root", password: "keep it at home" };
const page = { name: "page", password: "everybody may read this" };

await using nobody = createEtcd({ endpoints });
await using etcd = createEtcd({ endpoints, auth: passwordAuth(root) });
await using reader = createEtcd({ endpoints, auth: passwordAuth(page) });
const auth = createAuth(etcd);

await etcd.put("config/theme", '"dark"');
await etcd.put("secrets/key", "42");

// What a page may do: read the keys below config/, and nothing else.
await auth.roles.add("config-reader");
await auth.roles.grantPermission("config-reader", { prefix: "config/" }, "read");
await auth.users.add(page.name, { password: page.password });
await auth.users.grantRole(page.name, "config-reader");

// Authentication needs somebody who may do everything, or nobody could ever turn it off.
await auth.roles.add("root");
await auth.users.add(root.name, { password: root.password });
await auth.users.grantRole(root.name, "root");
await auth.enable();

async function show(what: string, call: Promise<unknown>): Promise<void> {
  const outcome = await call.then(() => "yes", whyRefused);
  console.log(`${what}: ${outcome}`);
}

function whyRefused(error: unknown): string {
  if (isEtcdError(error)) return `no, ${error.code}`;
  throw error;
}

await show("page reads config/theme", reader.get("config/theme"));
await show("page reads all of config/", reader.range({ prefix: "config/" }));
await show("page reads secrets/key", reader.get("secrets/key"));
await show("page reads everything", reader.range({ all: true }));
await show("page watches secrets/", reader.watch({ prefix: "secrets/" }).opened);
await show("page writes config/theme", reader.put("config/theme", "light"));
await show("somebody without a name reads config/theme", nobody.get("config/theme"));
await show("root reads secrets/key", etcd.get("secrets/key"));

// So that this etcd is open again for the other examples.
await auth.disable();
for (const { name } of [page, root]) await auth.users.delete(name);
for (const role of ["config-reader", "root"]) await auth.roles.delete(role);
