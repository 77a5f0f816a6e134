import type { Etcd } from "etcd-web";
import { createSession, type Leadership, type Session } from "etcd-web/recipes";
import type { Stage } from "../stage.ts";
import type { Step } from "../step.ts";

const name = "leader/shop";
const ttlSeconds = 4;

export const election: Step = {
  name: "election",
  title: "An election",
  text: "Three servers could do the work, one of them should. All of them stand for election; the first leads, the others stand by. When the leader goes, or crashes and its lease runs out, the next one takes over.",
  code: `const election = session.election("leader/shop");
const lead = await election.campaign("Ann");
lead.signal; // aborts when it leads no more`,
  learned: "Nobody had to notice the crash, and nobody had to decide: the lease and the line of keys did.",
  async begin(stage) {
    const leads = new Map<string, Promise<Leadership>>();
    const candidates = await Promise.all(["Ann", "Ben", "Cleo"].map((who) => enter(stage, who)));
    const untilLeads = (who: string): Promise<void> => stage.until(async () => (await leaderOf(stage.etcd)) === who);
    return [
      {
        label: "All three stand for election",
        async run() {
          for (const [index, { who, session }] of candidates.entries()) {
            stage.did(`await session.election("${name}").campaign("${who}")`);
            const lead = session.election(name).campaign(who, { signal: stage.signal });
            leads.set(who, lead);
            stage.inBackground(lead.then(() => stage.heard(`${who} leads.`)));
            await stage.until(async () => (await stage.etcd.count({ prefix: `${name}/` })) === index + 1);
          }
          await untilLeads("Ann");
          stage.saw("Ann came first. Ben and Cleo stand by.");
        },
      },
      {
        label: "Ann crashes",
        async run() {
          stage.saw("Ann gives no more signs of life. Nobody knows yet.");
          candidates[0]?.session.lease.release();
          stage.now(`Her lease of ${ttlSeconds} s runs out …`);
          await untilLeads("Ben");
          stage.now("");
        },
      },
      {
        label: "Ben resigns",
        async run() {
          stage.did("await leadership.resign()");
          await (await leads.get("Ben"))?.resign();
          await untilLeads("Cleo");
          stage.saw("Whoever resigns is followed at once: no lease has to run out.");
        },
      },
    ];
  },
};

async function enter(stage: Stage, who: string): Promise<{ readonly who: string; readonly session: Session }> {
  return { who, session: await createSession(stage.client(), { ttlSeconds, signal: stage.signal }) };
}

/** Who has the oldest key of the line. */
async function leaderOf(etcd: Etcd): Promise<string | undefined> {
  const { kvs } = await etcd.range({ prefix: `${name}/` }, { limit: 1, sort: { by: "createRevision" } });
  return kvs[0]?.text();
}
