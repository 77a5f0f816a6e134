import { type Diagnosis, diagnose, type Finding, type Progress } from "etcd-web/doctor";
import { useCallback, useEffect, useRef, useState } from "react";
import { credentialsOf } from "../../connection/store.ts";
import { useConnection } from "../../connection/use-connection.ts";
import { type Failure, toFailure } from "../../text/failure.ts";

/** Where a diagnosis is. */
export interface DiagnosisState {
  readonly findings: readonly Finding[];
  /** Undefined: it does not run. */
  readonly progress: Progress | undefined;
  /** Undefined: it has not ended. */
  readonly diagnosis: Diagnosis | undefined;
  readonly failure: Failure | undefined;
}

const nothing: DiagnosisState = { findings: [], progress: undefined, diagnosis: undefined, failure: undefined };

/** The doctor, at one endpoint of the connection. Leaving the panel ends it. */
export function useDiagnosis() {
  const { target, memory } = useConnection();
  const [state, setState] = useState<DiagnosisState>(nothing);
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  async function run(url: string, quietSeconds: number): Promise<void> {
    stop();
    const ending = new AbortController();
    const { signal } = ending;
    running.current = ending;
    const change = (next: (before: DiagnosisState) => DiagnosisState): void => {
      if (!signal.aborted) setState(next);
    };
    setState({ ...nothing, progress: { check: "reach", title: "reach" } });
    try {
      const diagnosis = await diagnose(url, {
        signal,
        quietSeconds,
        user: credentialsOf(target),
        ...(memory && { transport: memory.transport }),
        onProgress: (progress) => change((before) => ({ ...before, progress })),
        onFinding: (finding) => change((before) => ({ ...before, findings: [...before.findings, finding] })),
      });
      change((before) => ({ ...before, progress: undefined, diagnosis }));
    } catch (error) {
      if (!signal.aborted) setState({ ...nothing, failure: toFailure(error) });
    }
  }

  return {
    ...state,
    run,
    stop: () => {
      stop();
      setState((before) => ({ ...before, progress: undefined }));
    },
  };
}
