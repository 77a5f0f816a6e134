import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createEtcd } from "etcd-web";
import type { TxnForm } from "./form.ts";
import { toTxn } from "./to-txn.ts";

/** What goes to etcd. */
export interface WireMessage {
  /** As protobuf's JSON, which etcd's own gateway takes at /v3/kv/txn; bytes are base64. */
  readonly json: string;
  readonly bytes: Uint8Array;
}

/**
 * The very message that the library would send: it is taken from a client whose calls end before they leave. What the
 * client asks before a write, whether etcd is there at all, is answered.
 */
export async function wireMessage(form: TxnForm): Promise<WireMessage> {
  const caught = Promise.withResolvers<WireMessage>();
  const transport: Transport = {
    async unary(method, _signal, _timeoutMs, _header, input) {
      if (method.name !== "Txn") {
        const message = create(method.output);
        return {
          stream: false,
          service: method.parent,
          method,
          header: new Headers(),
          trailer: new Headers(),
          message,
        };
      }
      const message = create(method.input, input);
      const json = toJsonString(method.input, message, { prettySpaces: 2 });
      caught.resolve({ json, bytes: toBinary(method.input, message) });
      throw nothing();
    },
    stream: () => Promise.reject(nothing()),
  };
  const etcd = createEtcd({ transport });
  // Checks of its own come first, and reject.
  etcd.txn(toTxn(form)).catch(caught.reject);
  return caught.promise.finally(() => etcd.close());
}

function nothing(): ConnectError {
  return new ConnectError("this client sends nothing", Code.InvalidArgument);
}

/** Rows of 16 bytes, with the text beside. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    rows.push(`${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${text}`);
  }
  return rows.join("\n");
}
