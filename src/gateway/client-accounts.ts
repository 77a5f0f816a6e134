import { Code, ConnectError } from "@connectrpc/connect";
import type { LimitSettings } from "./limits.ts";

/** What one client has under way. */
interface Account {
  open: number;
  receiving: number;
  /** Calls it may begin now, as of `at`; they come back with time. */
  calls: number;
  at: number;
}

/** One call of a client. */
export interface Ticket {
  /** It begins. Throws "resource-exhausted" where it may not. */
  enter(): void;
  /** Its request says how long it is. Throws "resource-exhausted" where that is too much. */
  announced(bytes: number): void;
  /** More of its request has come. Throws "resource-exhausted" where that is too much. */
  received(bytes: number): void;
  /** Its request has not come in in time: the error to end it with. */
  late(): ConnectError;
  /** All of its request is there: its bytes no longer count as coming in, however long the call lasts. */
  whole(): void;
  /** It is over; what it held is free. */
  leave(): void;
}

/** When there are more than these, accounts with nothing open are forgotten. */
const most = 10_000;

/** Keeps count of what each client does, so that none takes what is there for all. */
export class ClientAccounts {
  readonly #limits: LimitSettings;
  readonly #now: () => number;
  readonly #refused: () => void;
  readonly #accounts = new Map<string, Account>();
  #receiving = 0;
  #tidiedAt = -Infinity;

  /**
   * @param now gives milliseconds
   * @param refused told of each refusal
   */
  constructor(limits: LimitSettings, now: () => number, refused: () => void) {
    this.#limits = limits;
    this.#now = now;
    this.#refused = refused;
  }

  /** How many clients it remembers. */
  get size(): number {
    return this.#accounts.size;
  }

  /** For a call that is about to begin. */
  ticket(client: string): Ticket {
    const account = this.#accountOf(client);
    let open = 0;
    let own = 0;
    const whole = (): void => {
      account.receiving -= own;
      this.#receiving -= own;
      own = 0;
    };
    return {
      enter: () => {
        this.#checkBegun(account);
        account.calls--;
        account.open++;
        open = 1;
      },
      announced: (bytes) => this.#checkSize(bytes),
      received: (bytes) => {
        own += bytes;
        account.receiving += bytes;
        this.#receiving += bytes;
        this.#checkReceived(own, account);
      },
      late: () => this.#refusal(`The request has not come in within ${this.#limits.requestMs} ms`, "requestMs"),
      whole,
      leave: () => {
        whole();
        account.open -= open;
        open = 0;
      },
    };
  }

  #checkBegun({ calls, open }: Account): void {
    const { callsPerSecond, callsPerClient } = this.#limits;
    if (calls < 1) this.#refuse(`This client calls more than ${callsPerSecond} times a second`, "callsPerSecond");
    if (open >= callsPerClient) this.#refuse(`This client has ${callsPerClient} calls open`, "callsPerClient");
  }

  // Worded as gRPC words it, by which a client knows what is the matter.
  #checkSize(bytes: number): void {
    const { requestBytes } = this.#limits;
    if (bytes <= requestBytes) return;
    this.#refuse(`grpc: received message larger than max (over ${requestBytes} bytes)`, "requestBytes");
  }

  #checkReceived(own: number, { receiving }: Account): void {
    this.#checkSize(own);
    const { receivingBytes } = this.#limits;
    if (this.#receiving <= receivingBytes && receiving <= receivingBytes / 4) return;
    this.#refuse("Too many large requests are coming in at a time", "receivingBytes");
  }

  #accountOf(client: string): Account {
    const { callsPerSecond } = this.#limits;
    const burst = Math.max(1, 2 * callsPerSecond);
    const at = this.#now();
    let account = this.#accounts.get(client);
    if (account === undefined) {
      if (this.#accounts.size >= most && at - this.#tidiedAt >= 1_000) this.#tidy(at);
      account = { open: 0, receiving: 0, calls: burst, at };
      this.#accounts.set(client, account);
    }
    const back = callsPerSecond === Infinity ? Infinity : ((at - account.at) / 1_000) * callsPerSecond;
    account.calls = Math.min(burst, account.calls + back);
    account.at = at;
    return account;
  }

  // After two seconds an account is full again, and like a new one.
  #tidy(now: number): void {
    this.#tidiedAt = now;
    for (const [client, { open, at }] of this.#accounts) {
      if (open === 0 && now - at >= 2_000) this.#accounts.delete(client);
    }
  }

  #refuse(text: string, limit: keyof LimitSettings): never {
    throw this.#refusal(text, limit);
  }

  #refusal(text: string, limit: keyof LimitSettings): ConnectError {
    this.#refused();
    const advice = `the gateway's limits.${limit} would have to be higher`;
    return new ConnectError(`${text}: ${advice}`, Code.ResourceExhausted);
  }
}
