import type { Key } from "../base/bytes.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import type { CallOptions } from "../transport/caller.ts";
import { firstEvent } from "./changes.ts";
import { limited } from "./limit.ts";
import { persistently } from "./persist.ts";

/**
 * A barrier: while its key is there, all who wait for it wait. It is Go's, and stays until it is released, also when
 * whoever holds it is gone.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { createBarrier } from "etcd-web/recipes";
 *
 * async function whenMigrated(etcd: Etcd): Promise<void> {
 *   await createBarrier(etcd, "migration").wait({ timeoutMs: 600_000 });
 * }
 * ```
 */
export interface Barrier {
  /** Sets it up. Held already: EtcdError "already-exists". */
  hold(options?: CallOptions): Promise<void>;
  /** Takes it down, whoever holds it. */
  release(options?: CallOptions): Promise<void>;
  /** Resolves when it is not held, or has been released since. `timeoutMs`: default none. */
  wait(options?: CallOptions): Promise<void>;
}

/** The barrier of a name. */
export function createBarrier(etcd: EtcdKeyspace, name: Key): Barrier {
  const platform = platformOf(etcd);
  return {
    async hold(options) {
      await etcd.create(name, "", options);
    },
    async release(options) {
      await etcd.delete({ key: name }, options);
    },
    wait: (options) =>
      limited({ platform, what: "Waiting for a barrier" }, options, async (part) => {
        for (let released = false; !released; ) {
          const { count, revision } = await persistently(platform, part.signal, () => etcd.range({ key: name }, part));
          if (count === 0) return;
          const event = await firstEvent(etcd, name, { ...part, startRevision: revision + 1n, only: "delete" });
          released = event !== undefined;
        }
      }),
  };
}
