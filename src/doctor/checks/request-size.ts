import { joinBytes } from "../../base/bytes.ts";
import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { type Check, fine } from "../examination.ts";

/** Below the 1.5 MiB that etcd takes by default, above the 1 MB that some proxies do. */
const bytes = 1.25 * 1024 * 1024;

/** Whether a request as large as etcd takes gets through: a read of a key that is long, and of which nothing is kept. */
export const requestSize: Check = {
  name: "request-size",
  needs: "answers",
  async run({ ask, key }) {
    const long = joinBytes([key, new Uint8Array(bytes).fill(0x78)]);
    const { status, message, head, isSilent } = await ask(KV.method.range, { key: long, countOnly: true });
    const tooLarge = /larger than|too large/i.test(status?.text ?? "") || head?.status === 413;
    if (!tooLarge && (message !== undefined || status !== undefined)) return fine("A request of 1.25 MiB gets through");
    const how = isSilent
      ? "gets no answer"
      : `is refused (${status?.text || (head === undefined ? "the connection ends" : `HTTP ${head.status}`)})`;
    return {
      code: "request-limit",
      level: "warning",
      seen: `A request of 1.25 MiB ${how}`,
      means: "etcd takes 1.5 MiB: large values and large transactions fail at the proxy, in words that are not etcd's",
    };
  },
};
