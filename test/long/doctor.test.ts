import { suite, test } from "node:test";
import { patientFetch } from "../../src/cli/doctor/patient-fetch.ts";
import { expectFinding } from "../doctor/expect-finding.ts";
import { impatientProxies } from "../doctor/sick-proxies.ts";
import { startEtcd } from "../fixtures/etcd.ts";

/** The defaults that people meet: Envoy's for a route and for quiet streams, nginx's between two reads. */
const timeouts = { route: 15, quiet: 300, read: 60 };

suite("the doctor names time-outs as they are by default, at an etcd that tells its revision every 10 s", () => {
  for (const sick of impatientProxies(timeouts)) {
    test(`${sick.name}, of ${sick.seconds} s`, { timeout: 600_000 }, async () => {
      await using etcd = await startEtcd("3.7");
      await expectFinding(sick, etcd, { quietSeconds: sick.seconds + 20, fetch: patientFetch() });
    });
  }
});
