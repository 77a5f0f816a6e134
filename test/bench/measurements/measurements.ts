import type { Measurement } from "../measurement.ts";
import { calls } from "./calls.ts";
import { catchUp } from "./catch-up.ts";
import { chromiumHttp1, chromiumHttp2 } from "./chromium.ts";
import { churn } from "./churn.ts";
import { latency } from "./latency.ts";
import { list } from "./list.ts";
import { live } from "./live.ts";
import { memory } from "./memory.ts";
import { oneGet } from "./one-get.ts";
import { opening } from "./opening.ts";
import { pageKeys } from "./page-keys.ts";
import { pageLoad } from "./page-load.ts";
import { reconnect } from "./reconnect.ts";
import { streams } from "./streams.ts";
import { view } from "./view.ts";
import { watches } from "./watches.ts";

/** All of them, in the order of the document. */
export const measurements: readonly Measurement[] = [
  oneGet,
  calls,
  list,
  live,
  catchUp,
  latency,
  watches,
  opening,
  churn,
  reconnect,
  chromiumHttp1,
  chromiumHttp2,
  memory,
  view,
  streams,
  pageLoad,
  pageKeys,
];
