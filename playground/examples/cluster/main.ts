import { setTimeout as sleep } from "node:timers/promises";
import { createEtcd, isEtcdError } from "etcd-web";
import { createCluster, createMaintenance } from "etcd-web/admin";

const endpoints = process.env.ENDPOINTS?.split(",") ?? "http://127.0.0.1:8080";
await using etcd = createEtcd({ endpoints });
const numbers = etcd.namespace("numbers/");
const { revision } = await numbers.delete({ all: true });

async function follow(): Promise<string[]> {
  const seen: string[] = [];
  for await (const { kv } of numbers.watch({ all: true }, { startRevision: revision + 1n })) {
    if (kv.keyText() === "end") break;
    seen.push(kv.keyText());
  }
  return seen;
}

/** An answer may be lost on its way, so this asks again; `create` writes a key that is there already no second time. */
async function write(key: string): Promise<void> {
  try {
    await numbers.create(key, "");
  } catch (error) {
    if (isEtcdError(error, "already-exists")) return;
    if (!isEtcdError(error) || !error.retryable) throw error;
    console.log(`writing ${key}: ${error.code}, so once more`);
    await sleep(100);
    await write(key);
  }
}

async function leaderName(): Promise<string> {
  const { leader } = await createMaintenance(etcd).status();
  const members = await createCluster(etcd).members({ serializable: true });
  return members.find(({ id }) => id === leader)?.name ?? "nobody";
}

const following = follow();
const first = await leaderName();
console.log(`${first} leads: end it`);
const written: string[] = [];
for (let left = 20; left > 0; ) {
  const number = String(written.length + 1);
  await write(number);
  written.push(number);
  const leader = await leaderName();
  if (leader !== first && leader !== "nobody") left--;
  if (left === 19) console.log(`${leader} leads now`);
  await sleep(50);
}
await write("end");

const seen = await following;
const complete = seen.join() === written.join();
console.log(`${written.length} numbers written, ${seen.length} seen:`, complete ? "each once, in order" : "WRONG");
process.exitCode = complete ? 0 : 1;
