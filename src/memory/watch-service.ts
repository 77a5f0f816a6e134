import type { ServiceImpl } from "@connectrpc/connect";
import type { Watch, WatchRequest, WatchResponse } from "../gen/etcdserverpb/watch_pb.ts";
import type { Core } from "./core.ts";
import { serve } from "./duplex.ts";
import { WatchStream } from "./watch-stream.ts";

export function watchService(core: Core): ServiceImpl<typeof Watch> {
  return {
    watch: (requests, { signal, requestHeader }) =>
      serve<WatchRequest, WatchResponse>(
        core,
        requests,
        signal,
        (answers) => new WatchStream(core, requestHeader, answers),
      ),
  };
}
