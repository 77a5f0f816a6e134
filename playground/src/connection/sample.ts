import { type Etcd, op } from "etcd-web";
import { mostOps } from "../values/transactions.ts";

const encoder = new TextEncoder();

/** What an etcd in the wild may hold: configuration, flags, services with leases, keys of bytes. */
export async function loadSample(etcd: Etcd): Promise<void> {
  await etcd.txn({ success: Object.entries(texts).map(([key, value]) => op.put(key, value)) });
  await etcd.put(Uint8Array.of(...encoder.encode("binary/"), 0x00, 0xff, 0x2a), Uint8Array.from(pixels));
  for (const theme of ["dark", "light", "dark"]) await etcd.put("config/theme", theme);
  const lease = await etcd.lease({ ttlSeconds: 600, keepAlive: false });
  for (const [name, address] of Object.entries(workers)) await etcd.put(`services/worker/${name}`, address, { lease });
}

/** 100,000 keys: what the list does with them. */
export async function loadMany(etcd: Etcd, count = 100_000): Promise<void> {
  for (let at = 0; at < count; at += mostOps) {
    const size = Math.min(mostOps, count - at);
    await etcd.txn({ success: Array.from({ length: size }, (_, i) => op.put(manyKey(at + i), `value ${at + i}`)) });
  }
}

function manyKey(i: number): string {
  const digits = String(i).padStart(6, "0");
  return `many/${digits.slice(0, 2)}/${digits.slice(2, 4)}/${digits}`;
}

const texts: Readonly<Record<string, string>> = {
  "config/theme": "light",
  "config/checkout.json": JSON.stringify(
    { currency: "EUR", retries: 3, timeoutMs: 2500, providers: ["a", "b"] },
    null,
    2,
  ),
  "config/routing.yaml": `# Who answers what\nroutes:\n  - path: /api\n    to: services/api\n    timeout: 2s\n  - path: /\n    to: services/web\n`,
  "config/limits/requests-per-second": "500",
  "config/limits/body-bytes": "1048576",
  "flags/new-checkout": JSON.stringify({ enabled: true, rollout: 25 }, null, 2),
  "flags/dark-mode": JSON.stringify({ enabled: true, rollout: 100 }, null, 2),
  "flags/search-v2": JSON.stringify({ enabled: false }, null, 2),
  "services/api/eu-1": JSON.stringify({ Op: 0, Addr: "10.0.1.17:8443", Metadata: { zone: "eu-1a" } }),
  "services/api/eu-2": JSON.stringify({ Op: 0, Addr: "10.0.2.4:8443", Metadata: { zone: "eu-1b" } }),
  "services/web/eu-1": JSON.stringify({ Op: 0, Addr: "10.0.1.9:8080" }),
  "tenants/acme/plan": "enterprise",
  "tenants/acme/seats": "250",
  "tenants/globex/plan": "team",
  "tenants/globex/seats": "12",
  "/with/a/leading/slash": "shown as well",
  "no-slash-at-all": "and so is this",
  grüße: "keys are bytes: any text goes",
};

const workers: Readonly<Record<string, string>> = { "7f3a": "10.0.3.21:9000", c012: "10.0.3.22:9000" };

const pixels = Array.from({ length: 64 }, (_, i) => (i * 37) % 256);
