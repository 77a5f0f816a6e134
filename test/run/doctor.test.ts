import { after, before, describe, it } from "node:test";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createEtcd } from "../../src/index.ts";
import { expectFinding } from "../doctor/expect-finding.ts";
import { impatientProxies, sickProxies } from "../doctor/sick-proxies.ts";
import { type EtcdServer, progressNotifyInterval, startEtcd } from "../fixtures/etcd.ts";

describe("the doctor names what is wrong with", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd("3.7", { args: [progressNotifyInterval("3.7", "500ms")] });
    await using direct = createEtcd({ transport: createGrpcTransport({ baseUrl: `http://${etcd.address}` }) });
    await direct.put("a", "1");
  });
  after(() => etcd.stop());

  for (const sick of sickProxies) {
    it(sick.name, () => expectFinding(sick, etcd, { quietSeconds: 0 }));
  }

  for (const sick of impatientProxies({ route: 2, quiet: 2, read: 2 })) {
    it(`${sick.name} (of seconds)`, () => expectFinding(sick, etcd, { quietSeconds: 10 }));
  }
});
