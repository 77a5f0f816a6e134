import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Names, toPlain } from "./plain.ts";
import type { CallStep } from "./program.ts";
import type { Target } from "./targets.ts";
import { sentinel } from "./watch-record.ts";

/** How a call ended: "ok", or etcd's code and words. */
export interface Outcome {
  readonly call: string;
  readonly outcome: string;
  /** Comparable: without what may differ. */
  readonly answer: unknown;
}

type Unary = (request: MessageInitShape<DescMessage>, options: { headers: HeadersInit }) => Promise<object>;

/** A program's run on one etcd: what its slots hold there, and where its revisions begin. */
export class Session implements Names {
  readonly target: Target;
  readonly base: bigint;
  readonly authBase: bigint;
  readonly #leases = new Map<number, bigint>();
  readonly #tokens = new Map<number, string>();
  readonly #leaseNames = new Map<bigint, string>();

  private constructor(target: Target, base: bigint, authBase: bigint) {
    this.target = target;
    this.base = base;
    this.authBase = authBase;
  }

  /** Begins on an empty store without leases. */
  static async begin(target: Target): Promise<Session> {
    await forgetUsers(target);
    const { leases } = await target.lease.leaseLeases({});
    for (const { ID } of leases) await target.lease.leaseRevoke({ ID });
    const { header } = await target.kv.deleteRange({ key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) });
    const { authRevision } = await target.auth.authStatus({});
    return new Session(target, header?.revision ?? 0n, authRevision);
  }

  /** Lets everybody in again, and makes the last event. */
  async finish(): Promise<void> {
    await switchAuthOff(this.target);
    await this.target.kv.put({ key: sentinel.key });
  }

  async call(step: CallStep): Promise<Outcome> {
    const { call } = step;
    try {
      const response = await this.#send(step);
      if (step.saves !== undefined) this.#save(step.saves, response);
      return { call, outcome: "ok", answer: toPlain(response, this) };
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      const { code, rawMessage } = error;
      return { call, outcome: `${Code[code]}: ${rawMessage}`, answer: undefined };
    }
  }

  headers(token: number | undefined): HeadersInit {
    if (token === undefined) return {};
    return { token: this.#tokens.get(token) ?? "nobody.1" };
  }

  leaseName(id: bigint): string {
    return this.#leaseNames.get(id) ?? `id ${id}`;
  }

  /** The request that a program's stands for. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.resolve(each));
    if (typeof value !== "object" || value === null) return value;
    if ("bytes" in value) return Uint8Array.from(Buffer.from(String(value.bytes), "latin1"));
    if ("revision" in value && typeof value.revision === "number") return this.#revision(value.revision);
    if ("lease" in value && typeof value.lease === "number")
      return this.#leases.get(value.lease) ?? BigInt(value.lease);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.resolve(each)]));
  }

  async #send({ call, request, token }: CallStep): Promise<object> {
    const message = this.resolve(request) as MessageInitShape<DescMessage>;
    const options = { headers: this.headers(token) };
    if (call === "lease.leaseKeepAlive") return all(this.target.lease.leaseKeepAlive(one(message), options));
    if (call === "kv.rangeStream") return all(this.target.kv.rangeStream(message, options));
    const [service, method] = call.split(".") as ["kv", "range"];
    return await (this.target[service][method] as Unary)(message, options);
  }

  #save(slot: number, response: object): void {
    if ("token" in response) this.#tokens.set(slot, String(response.token));
    if (!("ID" in response) || typeof response.ID !== "bigint") return;
    this.#leases.set(slot, response.ID);
    this.#leaseNames.set(response.ID, `lease ${slot}`);
  }

  #revision(offset: number): bigint {
    return offset > 0 ? this.base + BigInt(offset) : BigInt(offset);
  }
}

/** Programs leave root its password. */
export const rootPassword = "root";

async function switchAuthOff({ auth }: Target): Promise<void> {
  if (!(await auth.authStatus({})).enabled) return;
  const { token } = await auth.authenticate({ name: "root", password: rootPassword });
  await auth.authDisable({}, { headers: { token } });
}

async function forgetUsers(target: Target): Promise<void> {
  await switchAuthOff(target);
  for (const name of (await target.auth.userList({})).users) await target.auth.userDelete({ name });
  for (const role of (await target.auth.roleList({})).roles) await target.auth.roleDelete({ role });
}

async function all(stream: AsyncIterable<object>): Promise<object[]> {
  const messages: object[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

async function* one(message: MessageInitShape<DescMessage>) {
  yield message as object;
}
