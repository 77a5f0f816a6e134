import { sandboxDocument } from "virtual:sandbox";
import type { Transport } from "@connectrpc/connect";
import { etcdServices } from "../../port/etcd-services.ts";
import { servePort } from "../../port/serve-port.ts";
import type { Heard, Said } from "./sandbox/messages.ts";

/** Code that runs. */
export interface Run {
  /** So many lines are on the screen: more may come. */
  shown(count: number): void;
  /** Ends it, whatever it is at. */
  stop(): void;
}

/**
 * Runs JavaScript in a Worker of a document of an origin of its own, which can reach nothing but etcd, through a port
 * to the page's transport: passwords and tokens stay here.
 */
export function startRun(code: string, transport: Transport, hear: (said: Said) => void): Run {
  const talk = new MessageChannel();
  const calls = new MessageChannel();
  const stopServing = servePort(calls.port1, { services: etcdServices, transport: () => transport });
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.hidden = true;
  frame.title = "Where the code runs";
  frame.srcdoc = sandboxDocument;
  frame.addEventListener(
    "load",
    () => {
      // To any origin: the document's own is opaque, so there is no name for it.
      frame.contentWindow?.postMessage({ code }, "*", [talk.port2, calls.port2]);
    },
    { once: true },
  );
  talk.port1.addEventListener("message", ({ data }: MessageEvent<Said>) => hear(data));
  talk.port1.start();
  document.body.append(frame);
  return {
    shown: (count) => talk.port1.postMessage({ kind: "shown", count } satisfies Heard),
    stop() {
      frame.remove(); // Its Worker goes with it.
      talk.port1.close();
      stopServing();
    },
  };
}
