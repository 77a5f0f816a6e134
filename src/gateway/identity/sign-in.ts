import type { DescMessage, DescMethod, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type StreamResponse, type Transport } from "@connectrpc/connect";
import { isEtcdError } from "../../base/errors.ts";
import { linkSignals } from "../../base/signals.ts";
import { Watch, type WatchResponse } from "../../gen/etcdserverpb/watch_pb.ts";
import { authenticate, isStale, Tokens, withToken } from "../../transport/authenticated.ts";
import { type Auth, isStaleToken } from "../../transport/token-source.ts";
import { Repeatable } from "./repeatable.ts";
import { resting } from "./resting-tokens.ts";

/** A stream that has said its first word, or has ended without. */
interface Opened<I extends DescMessage, O extends DescMessage> {
  readonly response: StreamResponse<I, O>;
  readonly first: IteratorResult<MessageShape<O>>;
  readonly rest: AsyncIterator<MessageShape<O>>;
}

/**
 * The way to etcd as one user of it, whoever calls. One sign-in serves all calls that wait for it. What is refused for
 * its token is asked once more with another, streams too: callers do not know of the token, so none can do it for us.
 */
export function signIn(transport: Transport, auth: Auth, now: () => number): Transport {
  const source = typeof auth === "function" ? auth(transport) : auth;
  const tokens = new Tokens(resting(source, now));
  const { unary } = authenticate(transport, tokens);
  return {
    unary: (...call) => unary(...call).catch(explain),
    async stream(method, signal, timeoutMs, header, input, values) {
      const requests = new Repeatable(input);
      // Undefined where the token was refused: that has been noted, and the next attempt has another.
      const attempt = async (): Promise<Opened<typeof method.input, typeof method.output> | undefined> => {
        const token = await tokens.get(signal);
        const ends = linkSignals(signal);
        try {
          const signed = withToken(header, token);
          const response = await transport.stream(method, ends.signal, timeoutMs, signed, requests.read(), values);
          const rest = response.message[Symbol.asyncIterator]();
          const first = await rest.next();
          if (!isRefusal(method, first)) return { response, first, rest };
        } catch (error) {
          if (!isStale(error)) throw error;
        }
        tokens.reject(token);
        ends.abort(new ConnectError("another token is fetched for it", Code.Canceled));
        return undefined;
      };
      const opened = (await attempt().catch(explain)) ?? (await attempt().catch(explain));
      requests.settle();
      if (opened === undefined) throw new ConnectError(`${cannot}: it refuses each token it gives`, Code.Unavailable);
      return { ...opened.response, message: whole(opened) };
    },
  };
}

const cannot = "The gateway cannot sign in to etcd";

/** Not the caller's fault, and it may be mended while they wait. */
function explain(error: unknown): never {
  if (!isEtcdError(error)) throw error;
  throw new ConnectError(`${cannot}: ${error.message}`, Code.Unavailable);
}

async function* whole<O extends DescMessage>({
  first,
  rest,
}: Pick<Opened<DescMessage, O>, "first" | "rest">): AsyncGenerator<MessageShape<O>> {
  if (first.done) return;
  yield first.value;
  yield* { [Symbol.asyncIterator]: () => rest };
}

// A watch is refused in words, within its stream; all watches of one call have the same token.
function isRefusal(method: DescMethod, { done, value }: IteratorResult<unknown>): boolean {
  if (method !== Watch.method.watch || done) return false;
  const { canceled, cancelReason } = value as WatchResponse;
  return canceled && isStaleToken(cancelReason);
}
