import { compare, op } from "etcd-web";
import { etcd } from "playground";

await etcd.put("drafts/letter", "Dear reader");
await etcd.delete("sent/letter");

// All of it happens, at one revision, or none of it: nobody ever sees both keys, or neither.
async function move(from: string, to: string): Promise<void> {
  const kv = await etcd.get(from);
  if (kv === undefined) throw new Error(`There is no ${from}`);
  const moved = await etcd.txn({
    compare: [compare.modRevision(from).equals(kv.modRevision), compare.missing(to)],
    success: [op.put(to, kv.value), op.delete(from)],
    failure: [op.get(to)],
  });
  if (moved.succeeded) console.log(`${from} is ${to} since revision ${moved.revision}`);
  else console.warn("nothing was moved; there is:", moved.results[0]);
}

await move("drafts/letter", "sent/letter");
await etcd.put("drafts/letter", "A second one");
await move("drafts/letter", "sent/letter");
