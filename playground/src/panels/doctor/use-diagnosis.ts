import { type DiagnoseOptions, diagnose, type Finding, type Progress } from "etcd-web/doctor";
import { useCallback, useEffect, useRef, useState } from "react";
import { credentialsOf, type OpenConnection } from "../../connection/store.ts";
import { type Failure, toFailure } from "../../text/failure.ts";

export interface Examination {
  readonly findings: readonly Finding[];
  readonly skipped: readonly string[];
  /** While it is running. */
  readonly progress?: Progress | undefined;
  readonly isRunning: boolean;
  readonly failure?: Failure;
}

const none: Examination = { findings: [], skipped: [], isRunning: false };

/** Has the doctor look at a URL of the connection, when asked; leaving the panel breaks it off. */
export function useDiagnosis(
  connection: OpenConnection,
): readonly [Examination, run: (url: string, quietSeconds: number) => void, stop: () => void] {
  const [state, setState] = useState(none);
  const running = useRef(new AbortController());
  const stop = useCallback(() => {
    running.current.abort();
    setState((before) => ({ ...before, isRunning: false, progress: undefined }));
  }, []);
  useEffect(() => () => running.current.abort(), []);

  function run(url: string, quietSeconds: number): void {
    running.current.abort();
    const current = new AbortController();
    running.current = current;
    const { signal } = current;
    setState({ ...none, isRunning: true });
    const tell = (change: (before: Examination) => Examination): void => {
      if (!signal.aborted) setState(change);
    };
    diagnose(url, {
      ...optionsOf(connection),
      signal,
      quietSeconds,
      onFinding: (finding) => tell((before) => ({ ...before, findings: [...before.findings, finding] })),
      onProgress: (progress) => tell((before) => ({ ...before, progress })),
    }).then(
      ({ findings, skipped }) => tell(() => ({ findings, skipped, isRunning: false })),
      (error: unknown) => tell((before) => ({ ...before, isRunning: false, failure: toFailure(error) })),
    );
  }

  return [state, run, stop];
}

function optionsOf({ target, etcd, memory }: OpenConnection): DiagnoseOptions {
  if (memory !== undefined) return { transport: etcd.transport };
  const user = credentialsOf(target);
  return user === undefined ? {} : { user };
}
