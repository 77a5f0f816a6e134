import { once } from "node:events";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { createGateway, type EtcdTls } from "../../src/gateway/index.ts";
import { Credentials } from "../../src/gateway/upstream/credentials.ts";
import { createEtcd, type EtcdError, isEtcdError } from "../../src/index.ts";
import { reasonOf, rejection } from "../contract/expectations.ts";
import { makeAuthority } from "../fixtures/authority.ts";
import type { CertificateFiles } from "../fixtures/certificate.ts";
import { eventually } from "../fixtures/eventually.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startTlsScene, type TlsScene } from "../fixtures/tls-etcd.ts";

suite("the gateway to an etcd that asks for certificates", () => {
  let scene: TlsScene;
  before(async () => {
    scene = await startTlsScene();
  });
  after(() => scene?.[Symbol.asyncDispose]());
  const right = (): EtcdTls => {
    const { authority, own, serverName } = scene;
    return { cacert: authority.certificate, cert: own.certificate, key: own.key, serverName };
  };
  const call = async (etcdTls: EtcdTls): Promise<bigint> => {
    await using gateway = await createGateway({ etcd: scene.etcd.address, etcdTls, policy: "open", port: 0 });
    await using client = createEtcd({ endpoints: gateway.url });
    await using watch = client.watch("a");
    await watch.opened;
    return (await client.put("a", "1")).revision;
  };
  const refusal = async (etcdTls: EtcdTls): Promise<EtcdError> => {
    await using gateway = await createGateway({ etcd: scene.etcd.address, etcdTls, policy: "open", port: 0 });
    await using client = createEtcd({ endpoints: gateway.url });
    // Another time where the last of its tries was under way when the time was up.
    return await eventually("the refusal", async () => {
      const error = await reasonOf(client.get("a", { timeoutMs: 2_000 }));
      return isEtcdError(error, "unavailable") ? error : undefined;
    });
  };

  test("calls and watches pass with the right ones", async () => {
    expect(Number(await call(right()))).to.be.greaterThan(1);
  });

  test("an authority that is not known is said, with what to look at", async () => {
    const { message } = await refusal({ ...right(), cacert: undefined });
    expect(message).to.match(/the gateway does not reach etcd at .*certificate.*cacert/i);
  });

  test("so is a name that does not fit, and a certificate that is missing", async () => {
    expect((await refusal({ ...right(), serverName: "other.internal" })).message).to.match(/other\.internal.*cacert/i);
    const { message } = await refusal({ ...right(), cert: undefined, key: undefined });
    expect(message).to.match(/the gateway (does not reach|has lost) etcd at .*cacert/s);
  });

  test("an address can be the name too, and is what the certificate must carry, wherever etcd is dialled", async () => {
    const folder = await temporaryFolder("gateway-tls-address");
    const authority = await makeAuthority(folder.path);
    for (const [address, healthy] of [
      ["10.0.0.5", true],
      ["127.0.0.1", false],
    ] as const) {
      const files = await authority.issue(address, { alternatives: `IP:${address}` });
      const server = createSecureServer({ cert: await readFile(files.certificate), key: await readFile(files.key) });
      server.on("stream", (stream) => {
        stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "7" }));
        stream.end();
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      const etcd = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const etcdTls = { cacert: authority.certificate, serverName: "10.0.0.5" };
      await using gateway = await createGateway({ etcd, etcdTls, port: 0 });
      expect((await gateway.health()).healthy, address).to.equal(healthy);
      server.close();
    }
    await folder.remove();
  });

  test("files that cannot be are refused at once", async () => {
    const start = (etcdTls: EtcdTls): Promise<unknown> =>
      createGateway({ etcd: scene.etcd.address, etcdTls, policy: "open", port: 0 });
    await rejection(start({ ...right(), key: undefined }), "invalid-argument");
    await rejection(start({ ...right(), cert: "/no/such/file" }), "invalid-argument");
    const other = await scene.authority.issue("other");
    await rejection(start({ ...right(), key: other.key }), "invalid-argument");
    await rejection(
      createGateway({ etcd: "http://127.0.0.1:1", etcdTls: right(), policy: "open", port: 0 }),
      "invalid-argument",
    );
  });

  test("a renewed certificate is used by the next connection; those of before while files do not fit", async () => {
    const foreignFolder = await temporaryFolder("gateway-tls-foreign");
    const foreign = await (await makeAuthority(foreignFolder.path)).issue("gateway");
    const [cert, key] = [join(foreignFolder.path, "now.crt"), join(foreignFolder.path, "now.key")];
    const put = async (files: CertificateFiles): Promise<void> => {
      await copyFile(files.certificate, cert);
      await copyFile(files.key, key);
    };
    await put(foreign);
    await using gateway = await createGateway({
      etcd: scene.etcd.address,
      etcdTls: { ...right(), cert, key },
      policy: "open",
      port: 0,
    });
    await using client = createEtcd({ endpoints: gateway.url });
    // The last of its tries may be under way when the time is up.
    expect(await reasonOf(client.get("a", { timeoutMs: 2_000 })))
      .to.have.property("code")
      .that.is.oneOf(["unavailable", "timeout"]);
    await put(scene.own);
    await client.get("a", { timeoutMs: 20_000 });
    const credentials = new Credentials({ cert, key });
    const latest = credentials.latest();
    expect(credentials.latest(), "read anew").to.not.equal(latest);
    await writeFile(cert, "half a file");
    expect(credentials.latest()).to.equal(credentials.latest());
    await foreignFolder.remove();
  });
});
