import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createEtcd, op } from "etcd-web";
import { createSession } from "etcd-web/recipes";

const endpoints = process.env.ENDPOINTS?.split(",") ?? "http://127.0.0.1:8080";
const name = process.argv[2] ?? `program ${process.pid}`;

await using etcd = createEtcd({ endpoints });
await using session = await createSession(etcd, { ttlSeconds: 5 }); // the longest that nobody leads
const election = session.election("elections/reports");

async function observe(): Promise<void> {
  for await (const leader of election.observe({ signal: session.signal })) {
    console.log("leader:", leader?.text() ?? "nobody");
  }
}

async function lead(): Promise<void> {
  await using leadership = await election.campaign(name);
  console.log(`${name} leads, in office number ${leadership.fencing}`);
  for (let report = 1; !leadership.signal.aborted; report++) {
    // Done only if it still leads, by etcd's word: nobody's clock is asked.
    const success = [op.put("reports/latest", `report ${report} by ${name}`)];
    await etcd.txn({ compare: [leadership.owner()], success });
    await sleep(1_000, undefined, { signal: leadership.signal });
  }
}

await Promise.race([lead(), observe(), once(process, "SIGINT")]);
