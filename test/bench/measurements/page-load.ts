import { servePlayground } from "../../browser/playground-site.ts";
import { launchChromium } from "../../fixtures/chromium.ts";
import { Comparison } from "../comparison.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { load } from "../playground/load.ts";

const loadsInRound = 4;
const processors = { "the whole processor": 1, "a fourth of it": 4 };
type Processor = keyof typeof processors;

/** How long somebody waits who opens the playground for the first time. */
export const pageLoad: Measurement = {
  name: "page-load",
  async measure({ rounds, progress }) {
    const names = Object.keys(processors) as Processor[];
    const comparison = new Comparison({
      title: "The playground: opened for the first time",
      columns: { "first content, ms": undefined, "first use, ms": undefined },
      rows: names,
      base: "the whole processor",
      note: `By Chromium's trace, from the beginning of the navigation; ${rounds * loadsInRound} loads each, in a new browser profile, from a static host on loopback that does not compress. First content: the first text is on the screen. First use: the etcd in the page has answered, the list of keys is live, its filter takes letters (one is typed then, and has to be answered) and a key can be put. Only the page's own thread is slowed down, not the worker that etcd runs in.`,
    });
    await using site = await servePlayground();
    await using chromium = await launchChromium();
    await load(chromium.browser, `${site.pageUrl}/`, 1); // Chromium's own first page
    await inRounds({ rounds: rounds * loadsInRound, progress }, names, async (name) => {
      const { firstContent, firstUse } = await load(chromium.browser, `${site.pageUrl}/`, processors[name]);
      comparison.add(name, { "first content, ms": firstContent, "first use, ms": firstUse });
    });
    return comparison.table;
  },
};
