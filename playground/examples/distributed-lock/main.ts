import { createEtcd, op } from "etcd-web";
import { createSession } from "etcd-web/recipes";

const endpoints = process.env.ENDPOINTS?.split(",") ?? "http://127.0.0.1:8080";
await using etcd = createEtcd({ endpoints });
await using session = await createSession(etcd, { ttlSeconds: 10 });

for (let turn = 1; turn <= 5; turn++) {
  await using lock = await session.lock("locks/counter"); // waits for its turn, and gives it up at the end of the block
  const before = Number((await etcd.get("counter"))?.text() ?? 0);
  const counted = op.put("counter", String(before + 1));

  // A lock is advice: whoever slept too long may have lost it. So the write asks whether it is still the holder's.
  const { succeeded } = await etcd.txn({ compare: [lock.owner()], success: [counted] });
  if (!succeeded) throw new Error("The lock was lost before the write.");
  console.log(`counter is ${before + 1}, lock number ${lock.fencing}`);
}
