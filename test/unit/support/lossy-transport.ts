import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";

/**
 * What gets lost of a call: its answer, so that it has run; its request, so that it has not; its answer, before it runs
 * at last, when the next call of its method comes. An error: it is refused.
 */
export type Loss = "answer" | "request" | "answer first" | "nothing" | ConnectError;

/** A transport whose calls get lost as a test says. */
export interface LossyTransport extends Transport {
  /** What becomes of the next calls of a method. */
  lose(method: string, ...losses: readonly Loss[]): void;
  /** The code that a loss shows as. Default: Unavailable. */
  lostAs: Code;
  /** Called before each unary call. */
  onCall: (method: string) => void;
  /** Whether streams of keep-alives are answered. */
  silent: boolean;
}

/** Wraps a transport. */
export function lossyTransport(inner: Transport): LossyTransport {
  const planned: { readonly method: string; readonly loss: Loss }[] = [];
  const take = ({ name }: DescMethod): Loss | undefined => {
    const at = planned.findIndex(({ method }) => method === name);
    return at === -1 ? undefined : planned.splice(at, 1)[0]?.loss;
  };
  const late = new Map<string, () => Promise<unknown>>();
  const runLate = async (name: string): Promise<void> => {
    const run = late.get(name);
    late.delete(name);
    await run?.();
  };
  const lossy: LossyTransport = {
    silent: false,
    lostAs: Code.Unavailable,
    onCall: () => {},
    lose(method, ...losses) {
      planned.push(...losses.map((loss) => ({ method, loss })));
    },
    async unary(method, ...rest) {
      lossy.onCall(method.name);
      await runLate(method.name);
      const loss = take(method);
      if (loss === "answer first") late.set(method.name, () => inner.unary(method, ...rest));
      if (loss instanceof ConnectError) throw loss;
      if (loss === "request" || loss === "answer first") throw lost(lossy.lostAs);
      const answer = await inner.unary(method, ...rest);
      if (loss === "answer") throw lost(lossy.lostAs);
      return answer;
    },
    async stream(method, signal, ...rest) {
      if (lossy.silent && method.name === "LeaseKeepAlive") {
        return await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      }
      return await inner.stream(method, signal, ...rest);
    },
  };
  return lossy;
}

function lost(code: Code): ConnectError {
  return new ConnectError("the connection broke", code);
}
