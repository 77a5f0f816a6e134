import * as connect from "@connectrpc/connect";
import * as main from "etcd-web";
import * as admin from "etcd-web/admin";
import * as live from "etcd-web/live";
import * as proto from "etcd-web/proto";
import * as recipes from "etcd-web/recipes";

/** What code may import. Every client it makes is one of the page's connection: there is no other way out of here. */
export function modulesAt(etcd: main.Etcd): (name: string) => unknown {
  const here: typeof main = {
    ...main,
    createEtcd: ({ endpoints: _, auth: __, fetch: ___, ...options }) =>
      main.createEtcd({ ...options, transport: etcd.transport }),
  };
  const modules: Readonly<Record<string, unknown>> = {
    playground: { etcd },
    "etcd-web": here,
    "etcd-web/admin": admin,
    "etcd-web/live": live,
    "etcd-web/proto": proto,
    "etcd-web/recipes": recipes,
    "@connectrpc/connect": connect,
  };
  return (name) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error(`There is no module "${name}" here, only ${Object.keys(modules).join(", ")}`);
  };
}
