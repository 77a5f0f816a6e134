import { startEnvoy } from "../../fixtures/envoy.ts";
import type { Operation } from "../callers/operation.ts";
import { webCallers } from "../callers/web-callers.ts";
import { Comparison } from "../comparison.ts";
import type { Place } from "../contenders/contender.ts";
import type { WebContenderName } from "../contenders/web-contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Written } from "../jobs/write.ts";
import { inRounds, type Measurement, type Setting } from "../measurement.ts";
import { type ChromiumPage, startChromiumPage } from "../page/chromium-page.ts";
import { putKeys } from "../put-keys.ts";
import { median } from "../samples.ts";
import type { Table } from "../table.ts";
import type { Followed } from "../work/follow.ts";

const columns = {
  "get, ms": "less",
  "put, ms": "less",
  "200 gets, ms": "less",
  "live events/s": "more",
  "renderer CPU, µs per live event": "less",
  "catch-up events/s": "more",
  "put to event, ms": "less",
} as const;
type Figures = Comparison<keyof typeof columns>;

const operations = { get: 200, put: 100, "200 gets": 5 } satisfies Partial<Record<Operation, number>>;
const watching: readonly WebContenderName[] = ["etcd-web", "Connect stub", "by hand", "JSON gateway"];
const events = 10_000;

/** What a page has over HTTP/1.1: six connections. */
export const chromiumHttp1: Measurement = {
  name: "chromium-http1",
  measure: (setting) => measure(setting, "In a page of Chromium, HTTP/1.1"),
};

/** What a page has over HTTP/2, with TLS. */
export const chromiumHttp2: Measurement = {
  name: "chromium-http2",
  async measure(setting) {
    await using envoy = await startEnvoy({ etcd: [new URL(setting.place.etcd).host], tls: true });
    const place = { ...setting.place, envoy: envoy.url };
    return await measure({ ...setting, place }, "In a page of Chromium, HTTP/2 with TLS");
  },
};

async function measure(setting: Setting, title: string): Promise<Table> {
  const { place, progress, rounds } = setting;
  const figures: Figures = new Comparison({
    title,
    columns,
    rows: webCallers,
    note: "Values of 100 bytes, 200 gets at once; catch-up of transactions × 100. The JSON gateway is reached without a proxy, over HTTP/1.1 in both cases. No debugger is attached.",
  });
  await using page = await startChromiumPage();
  await putKeys(place);
  progress("writing history");
  const history = { prefix: "history/", writes: events / 100, puts: 100 };
  const { firstRevision } = await runJobAlone<Written>("write", { etcd: place.etcd, ...history });
  const past = { key: history.prefix, prefix: true, startRevision: firstRevision };
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}: calls`);
    await call(page, place, figures);
  }
  await inRounds(setting, watching, async (contender, round) => {
    const caught = await page.start<Followed>("follow", { place, contender, target: past, events, times: 4 }).result;
    const latency = { place, contender, envoy: place.envoy, key: `latency/${contender}`, puts: 250 };
    figures.add(contender, {
      "catch-up events/s": (caught.events / caught.ms) * 1000,
      "put to event, ms": median(await page.start<number[]>("latency", latency).result),
      ...(await live(page, place, contender, `live/${round}/${contender}/`)),
    });
  });
  return figures.table;
}

async function call(page: ChromiumPage, place: Place, figures: Figures): Promise<void> {
  for (const [operation, times] of Object.entries(operations)) {
    const taken = await page.start<number[]>("call", { place, callers: webCallers, operation, times }).result;
    for (const [i, name] of webCallers.entries()) figures.add(name, { [`${operation}, ms`]: taken[i] });
  }
}

async function live(
  page: ChromiumPage,
  place: Place,
  contender: WebContenderName,
  prefix: string,
): Promise<Parameters<Figures["add"]>[1]> {
  const target = { key: prefix, prefix: true };
  const follow = page.start<Followed>("follow", { place, contender, target, events, times: 1 });
  await Promise.race([follow.ready, follow.result]);
  const before = await page.rendererCpuUs();
  await runJobAlone("write", { etcd: place.etcd, prefix, writes: events, puts: 1 });
  const followed = await follow.result;
  return {
    "live events/s": (followed.events / followed.ms) * 1000,
    "renderer CPU, µs per live event": ((await page.rendererCpuUs()) - before) / events,
  };
}
