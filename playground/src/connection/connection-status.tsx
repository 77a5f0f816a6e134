import type { ConnectionState } from "etcd-web";
import { toFailure } from "../ui/failure.ts";
import { FailureText } from "../ui/failure-note.tsx";
import { useSecondsUntil } from "./use-seconds-until.ts";

const words = {
  idle: "Idle",
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  closed: "Closed",
} as const satisfies Record<ConnectionState["state"], string>;

const meanings = {
  idle: "No watch is running.",
  connecting: "The watch is being opened.",
  live: "Changes arrive as they happen.",
  closed: "Nothing goes to etcd and nothing comes from it. Connect to go on.",
} as const;

/** A coloured dot and words; while it reconnects also when, and why. */
export function ConnectionStatus({ state }: { readonly state: ConnectionState }) {
  return (
    <div className="status" data-state={state.state}>
      <p className="state">
        <span className="dot" aria-hidden="true" />
        <span role="status">{words[state.state]}</span>
        {state.state === "reconnecting" && <Countdown to={state.nextRetryAt} />}
      </p>
      <p className="reason">
        {state.state === "reconnecting" ? <FailureText failure={toFailure(state.reason)} /> : meanings[state.state]}
      </p>
    </div>
  );
}

// Outside the live region: nobody wants each second read out.
function Countdown({ to }: { readonly to: Date }) {
  const seconds = useSecondsUntil(to);
  return <span className="countdown">{seconds === 0 ? " now" : ` in ${seconds} s`}</span>;
}
