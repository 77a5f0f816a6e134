import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useConnection } from "../../connection/use-connection.ts";
import { setParams } from "../../route/router.ts";
import { usePanelParam } from "../../route/use-route.ts";
import { Board, type BoardState } from "./board.ts";
import { formatSpecs, parseSpecs, type WatchSpec } from "./spec.ts";

export interface Watching extends BoardState {
  readonly board: Board;
  add(spec: WatchSpec): void;
  remove(id: number): void;
  /** In its place. */
  replace(id: number, spec: WatchSpec): void;
}

/** The panel's watches; the link holds them. */
export function useBoard(): Watching {
  const { etcd } = useConnection();
  const [kept] = usePanelParam("watches");
  const [board] = useState(() => new Board(etcd));
  const state = useSyncExternalStore(board.subscribe, board.state);

  // The link, as it was followed or written here last: with another one, other watches begin.
  const followed = useRef(kept);
  useEffect(() => {
    board.open(parseSpecs(followed.current));
    return () => board.close();
  }, [board]);
  useEffect(() => {
    if (kept === followed.current) return;
    followed.current = kept;
    board.close();
    board.open(parseSpecs(kept));
  }, [board, kept]);

  function keep(specs: readonly WatchSpec[]): void {
    followed.current = formatSpecs(specs);
    setParams({ watches: followed.current });
  }

  const others = (id: number): readonly WatchSpec[] =>
    state.watches.filter((watch) => watch.id !== id).map(({ spec }) => spec);
  return {
    ...state,
    board,
    add(spec) {
      board.add(spec);
      keep([...others(0), spec]);
    },
    remove(id) {
      board.remove(id);
      keep(others(id));
    },
    replace(id, spec) {
      board.remove(id);
      board.add(spec);
      keep([...others(id), spec]);
    },
  };
}
