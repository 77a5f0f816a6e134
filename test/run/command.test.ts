import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import type { Diagnosis } from "../../src/doctor/index.ts";
import { createEtcd } from "../../src/index.ts";
import { makeCertificate } from "../fixtures/certificate.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import type { EnvoyConfig } from "../fixtures/envoy-config.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { turnOnAuth } from "../fixtures/etcd-users.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { etcdReleases } from "../fixtures/versions.ts";
import { main, run, runWith, serve } from "./command/etcd-web.ts";

describe("etcd-web dev and gateway", () => {
  it("serves an etcd in memory, and prints its URL last", async () => {
    await using command = await serve("dev", "--port", "0");
    await using client = createEtcd({ endpoints: command.url });
    await client.put("a", "1");
    assert.equal((await client.get("a"))?.text(), "1");
    assert.equal(command.lines.at(-1), command.url);
    assert.ok(command.lines.some((line) => /in memory/.test(line)));
  });

  it("serves a real etcd, and says which", async () => {
    await using etcd = await startEtcd("3.7");
    await using command = await serve("gateway", "--port", "0", "--etcd", etcd.address, "--open");
    await using client = createEtcd({ endpoints: command.url });
    await client.put("a", "1");
    const said = `${etcdReleases["3.7"]} at ${etcd.address}`;
    assert.ok(
      command.lines.some((line) => line.includes(said)),
      command.lines.join("\n"),
    );
  });

  it("lets through the keys that are named, as the user who is named, and says so to monitors", async () => {
    await using etcd = await startEtcd("3.7");
    await turnOnAuth(etcd.address, users);
    const folder = await temporaryFolder("gateway-command");
    const file = join(folder.path, "password");
    await writeFile(file, "secret\n");
    const policy = ["--prefix", "config/", "--read-only", "--user", "reader", "--password-file", file];
    await using command = await serve("gateway", "--port", "0", "--etcd", etcd.address, ...policy);
    await using client = createEtcd({ endpoints: command.url });
    assert.equal(await client.get("config/a"), undefined);
    await assert.rejects(client.get("secret"), { message: /policy\.prefixes/ });
    await assert.rejects(client.put("config/a", "1"), { message: /policy\.readOnly/ });
    assert.ok(command.lines.some((line) => /allowed +to read config\/…$/.test(line)));
    assert.ok(command.lines.some((line) => line.includes(`answers at ${etcd.address}`)));
    await folder.remove();
  });

  it("lets nothing through that was not named", async () => {
    const { code, errors } = await run("gateway", "--etcd", "127.0.0.1:1");
    assert.equal(code, 2);
    assert.match(errors, /--prefix .*--open/);
  });

  it("says where it does not reach etcd", async () => {
    await using command = await serve("gateway", "--port", "0", "--etcd", "127.0.0.1:1", "--open");
    assert.ok(
      command.lines.some((line) => /no answer yet: .*127\.0\.0\.1:1 .*ECONNREFUSED/.test(line)),
      command.lines.join("\n"),
    );
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends within a second by ${signal}, with a watch open, and exits with 0`, async () => {
      await using command = await serve("dev", "--port", "0");
      await using client = createEtcd({ endpoints: command.url });
      await using watch = client.watch("a");
      await watch.opened;
      const told = Date.now();
      assert.equal(await command.signal(signal), 0);
      assert.ok(Date.now() - told < 1_000);
    });
  }

  it("says that a port is taken, and which option changes it", async () => {
    await using command = await serve("dev", "--port", "0");
    const { port } = new URL(command.url);
    const { code, errors } = await run("dev", "--port", port);
    assert.equal(code, 1);
    assert.match(errors, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken.*--port\\.$`, "m"));
  });
});

describe("etcd-web gateway", () => {
  it("signs in for all callers, bounds them, and tells Prometheus", async () => {
    await using etcd = await startEtcd("3.7");
    await turnOnAuth(etcd.address, users);
    const folder = await temporaryFolder("secrets");
    const file = join(folder.path, "password");
    await writeFile(file, `${users.reader.password}\n`);
    await using gateway = await serve(
      ...["gateway", "--port", "0", "--etcd", etcd.address, "--prefix", "", "--limit", "requestBytes=1000"],
      ...["--user", users.reader.name, "--password-file", file, "--monitor-port", "0"],
    );
    await using client = createEtcd({ endpoints: gateway.url });
    assert.equal(await client.get("a"), undefined);
    await assert.rejects(client.get("a".repeat(2_000)), { code: "too-large" });
    const monitor = /(http:\S+)\/metrics/.exec(gateway.lines.join("\n"))?.[1] ?? "";
    assert.equal((await fetch(`${monitor}/health`)).status, 200);
    assert.match(await (await fetch(`${monitor}/metrics`)).text(), /^# HELP etcd_web/m);
    await folder.remove();
  });

  it("serves HTTPS, which the doctor finds to be HTTP/2", async () => {
    await using etcd = await startEtcd("3.7");
    const folder = await temporaryFolder("certificate");
    const { certificate, key } = await makeCertificate(folder.path);
    const tls = ["--tls-cert", certificate, "--tls-key", key];
    await using gateway = await serve("gateway", "--port", "0", "--etcd", etcd.address, "--open", ...tls);
    const { code, output } = await run("doctor", gateway.url, "--cacert", certificate, "--quiet", "0");
    assert.equal(code, 0, output);
    assert.match(output, /✓ HTTP version +HTTP\/2/);
    await folder.remove();
  });

  for (const [why, args] of [
    [/'--open' cannot be used with .*'--prefix/, ["--open", "--prefix", "a"]],
    [/no password for --user app/, ["--open", "--user", "app"]],
    [/--password-file goes with --user/, ["--open", "--password-file", "x"]],
    [/--cert and --key go together/, ["--open", "--cert", "x"]],
    [/--tls-cert and --tls-key go together/, ["--open", "--tls-cert", "x"]],
    [/--monitor-host goes with --monitor-port/, ["--open", "--monitor-host", "127.0.0.1"]],
    [/name and a number, such as callsPerSecond=100/, ["--open", "--limit", "many"]],
  ] as const) {
    it(`explains what is missing, and exits with 2: ${args.join(" ")}`, async () => {
      const { code, output, errors } = await run("gateway", "--port", "0", "--etcd", "127.0.0.1:1", ...args);
      assert.deepEqual([code, output], [2, ""]);
      assert.match(errors, why);
    });
  }

  it("names the option that chooses another port", async () => {
    await using taken = await serve("dev", "--port", "0");
    const { code, errors } = await run("dev", "--port", new URL(taken.url).port);
    assert.equal(code, 1);
    assert.match(errors, /is taken by another program: choose another with --port\.$/m);
  });

  it("names the option that the gateway does not take", async () => {
    const { code, errors } = await run("gateway", "--etcd", "127.0.0.1:1", "--open", "--limit", "everything=1");
    assert.equal(code, 1);
    assert.match(errors, /^There is no --limit everything|^there is no --limit everything/);
  });
});

describe("etcd-web doctor", () => {
  it("says that all is well with 0, what is wrong with 1, and how far it is to whom waits", async () => {
    await using etcd = await startEtcd("3.7");
    await using healthy = await serve(
      "gateway",
      "--port",
      "0",
      "--etcd",
      etcd.address,
      "--open",
      "--allow-origin",
      origin,
    );
    const well = await run("doctor", healthy.url, "--origin", origin, "--quiet", "3");
    assert.deepEqual([well.code, /no faults/.test(well.output)], [0, true], well.output);
    assert.equal(well.errors, "quiet stream: 3 s …\n");
    const other = await run("doctor", healthy.url, "--origin", "http://localhost:4000", "--quiet", "0");
    assert.equal(other.code, 1);
    assert.match(other.output, /✗ answers .*Pages of http:\/\/localhost:4000 may not call/);
    assert.match(other.output, /Not looked at, [^.]*\bCORS\b/);
  });

  it("prints no colours where it is no terminal, and JSON when asked", async () => {
    await using memory = await serve("dev", "--port", "0", "--allow-origin", origin);
    const args = ["doctor", memory.url, "--origin", origin, "--quiet", "0"];
    const plain = await run(...args);
    assert.ok(!plain.output.includes("\u001b["), plain.output);
    const diagnosis = JSON.parse((await run(...args, "--json")).output) as Diagnosis;
    assert.deepEqual([diagnosis.level, diagnosis.url], ["note", memory.url]);
    assert.deepEqual(new Set(diagnosis.findings.map(({ check }) => check)).size, diagnosis.findings.length);
  });

  it("looks at the TLS as well: certificate, HTTP/2, streams", async () => {
    await using etcd = await startEtcd("3.7");
    await using envoy = await startEnvoy({ etcd: [etcd.address], tls: true });
    const trusting = ["--cacert", envoy.caCert ?? "", "--quiet", "0", "--json"];
    const { code, output } = await run("doctor", envoy.url, ...trusting);
    const { findings } = JSON.parse(output) as Diagnosis;
    const [tls, http] = (["tls", "http-version"] as const).map((name) => findings.find(({ check }) => check === name));
    assert.deepEqual([code, tls?.level, http?.level], [0, "ok", "ok"], output);
    assert.match(tls?.seen ?? "", /good until .*, for 47 more hours/);
    assert.match(http?.seen ?? "", /HTTP\/2.* 100 streams/);
    const untrusting = await run("doctor", envoy.url, "--quiet", "0");
    assert.equal(untrusting.code, 1);
    assert.match(untrusting.output, /certificate .* is not trusted/);
  });

  it("says that there is no HTTP/2, and few streams of it", async () => {
    await using etcd = await startEtcd("3.7");
    for (const [name, change, code] of [
      ["no h2", ({ alpn }: Tls) => alpn.shift(), "http-1"],
      ["few", ({ limits }: Tls) => Object.assign(limits, { max_concurrent_streams: 4 }), "few-streams"],
    ] as const) {
      await using envoy = await startEnvoy({
        etcd: [etcd.address],
        tls: true,
        overrides: (config) => change(tlsOf(config)),
      });
      const { output } = await run("doctor", envoy.url, "--cacert", envoy.caCert ?? "", "--quiet", "0", "--json");
      const { findings } = JSON.parse(output) as Diagnosis;
      const http = findings.find(({ check }) => check === "http-version");
      assert.deepEqual([http?.code, http?.level], [code, "warning"], `${name}: ${output}`);
    }
  });

  it("takes a password from a file or the environment, and never from an argument", async () => {
    await using etcd = await startEtcd("3.7");
    await turnOnAuth(etcd.address, users);
    await using gateway = await serve("gateway", "--port", "0", "--etcd", etcd.address, "--open");
    const folder = await temporaryFolder("secrets");
    const file = join(folder.path, "password");
    await writeFile(file, "secret\n");
    const args = ["doctor", gateway.url, "--quiet", "0", "--user", "reader"];
    for (const result of [
      await run(...args, "--password-file", file),
      await runWith({ ETCD_WEB_PASSWORD: "secret" }, ...args),
    ]) {
      assert.equal(result.code, 0, result.output);
      assert.match(result.output, /✓ sign-in/);
    }
    const without = await run(...args);
    assert.deepEqual([without.code, without.output], [2, ""]);
    assert.match(without.errors, /--password-file, or into the variable ETCD_WEB_PASSWORD/);
    await folder.remove();
  });

  for (const [why, args] of [
    [/--password-file goes with --user/, ["--password-file", "x"]],
    [/--token-file.* cannot be used with .*--user/, ["--user", "reader", "--token-file", "x"]],
  ] as const) {
    it(`ignores no secret that it is given, and exits with 2: ${args.join(" ")}`, async () => {
      const { code, output, errors } = await run("doctor", "http://127.0.0.1:1", ...args);
      assert.deepEqual([code, output], [2, ""]);
      assert.match(errors, why);
    });
  }

  it("ends without a word where nobody reads on", async () => {
    await using memory = await serve("dev", "--port", "0");
    const child = spawn("sh", ["-c", '"$@" | head -n 2', "sh", process.execPath, main, "doctor", memory.url]);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    assert.deepEqual([output, errors], [`\n  ${memory.url}\n`, ""]);
  });

  it("takes no file for that of an authority which holds no certificate", async () => {
    const folder = await temporaryFolder("cacert");
    const { key } = await makeCertificate(folder.path);
    const [garbage, empty] = [join(folder.path, "garbage"), join(folder.path, "empty")];
    await writeFile(garbage, "no PEM");
    await writeFile(empty, "");
    for (const file of [key, garbage, empty]) {
      const { code, output, errors } = await run("doctor", "https://localhost:1", "--cacert", file, "--quiet", "0");
      assert.deepEqual([code, output], [1, ""]);
      assert.match(errors, /^The file [^\n]* holds no certificate in PEM\.?\n$/);
    }
    await folder.remove();
  });

  it("takes no URL that is none", async () => {
    const { code, output, errors } = await run("doctor", "localhost:8080");
    assert.deepEqual([code, output], [2, ""]);
    assert.match(errors, /"localhost:8080" is not a URL that begins with http/);
  });

  it("takes no empty key", async () => {
    const { code, output, errors } = await run("doctor", "http://127.0.0.1:1", "--key=");
    assert.deepEqual([code, output], [2, ""]);
    assert.match(errors, /^The key is empty/);
  });
});

describe("etcd-web", () => {
  it("prints its version, and the usage of each command", async () => {
    assert.equal((await run("--version")).output, `${manifest.version}\n`);
    const help = await run("--help");
    assert.deepEqual([help.code, (await run()).output], [0, help.output]);
    for (const name of ["dev", "gateway", "doctor"]) {
      assert.match(help.output, new RegExp(`^  ${name} `, "m"));
      const { code, output } = await run(name, "--help");
      assert.equal(code, 0);
      assert.match(output, new RegExp(`^Usage: etcd-web ${name} [\\s\\S]*Options:[\\s\\S]*Examples:`));
    }
  });

  for (const args of [
    ["--nothing"],
    ["dev", "--nothing"],
    ["dev", "--port"],
    ["dev", "--port", "x"],
    ["sing"],
    ["dev", "more"],
    ["gateway"],
    ["doctor"],
    ["doctor", "http://localhost", "--quiet", "long"],
    ["doctor", "http://localhost", "--quiet", "100000"],
  ]) {
    it(`explains what it does not understand, and exits with 2: ${args.join(" ")}`, async () => {
      const { code, output, errors } = await run(...args);
      assert.deepEqual([code, output], [2, ""]);
      assert.match(errors, /(nothing|--port|sing|more|--etcd|url|--quiet)/);
      assert.match(errors, /^etcd-web .*--help says what there is\.$/m);
    });
  }

  it("explains an option that cannot be, without a stack", async () => {
    for (const [option, value] of [
      ["--allow-origin", "*"],
      ["--assets", "/no/such/folder"],
      ["--allow-host", "a b"],
    ] as const) {
      const { code, errors } = await run("dev", "--port", "0", option, value);
      assert.equal(code, 1);
      assert.match(errors, /^[^\n]+\.\n$/);
      assert.ok(errors.includes(value), errors);
    }
  });
});

const origin = "http://localhost:3000";
const users = { root: { name: "root", password: "r" }, reader: { name: "reader", password: "secret" } } as const;

interface Tls {
  readonly alpn: string[];
  readonly limits: Record<string, unknown>;
}

function tlsOf({ listener, connectionManager }: EnvoyConfig): Tls {
  const { common_tls_context } = listener.filter_chains[0].transport_socket?.typed_config ?? {};
  const context = common_tls_context as unknown as { readonly alpn_protocols: string[] };
  return { alpn: context.alpn_protocols, limits: connectionManager.http2_protocol_options as Record<string, unknown> };
}
