import { createSession } from "etcd-web/recipes";
import { etcd } from "playground";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// Two workers, each with a session of its own, that both want the same lock, three times.
async function work(name: string): Promise<void> {
  await using session = await createSession(etcd, { ttlSeconds: 10 });
  for (let turn = 1; turn <= 3; turn++) {
    await using lock = await session.lock("locks/printer");
    console.log(`${name} prints page ${turn}, lock number ${lock.fencing}`);
    await sleep(400);
  } // given up at the end of each turn
}

await Promise.all([work("Ann"), work("Ben")]);
