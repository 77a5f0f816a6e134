import { ArrowLeft, ArrowRight, Check, Play as PlayIcon, RotateCcw } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { Note } from "../../ui/notes.tsx";
import { KeysNow } from "./keys-now.tsx";
import { Log } from "./log.tsx";
import type { Step } from "./step.ts";
import { type Play, useStage } from "./use-stage.ts";

interface StepPageProps {
  readonly step: Step;
  readonly number: number;
  readonly count: number;
  readonly onDone: () => void;
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: () => void;
}

/** What it is about, what can be done, and what came of it. */
export function StepPage({ step, number, count, onDone, onPrevious, onNext }: StepPageProps) {
  const [play, restart] = useStage(step);
  const isDone = play !== undefined && play.done === play.actions.length;
  const tell = useEffectEvent(onDone);
  useEffect(() => {
    if (isDone) tell();
  }, [isDone]);
  const isLast = number === count;
  return (
    <article className="tour-step" aria-label={step.title}>
      <div className="tour-words">
        <p className="muted">
          Step {number} of {count}
        </p>
        <h2>{step.title}</h2>
        <p className="tour-text">{step.text}</p>
        <CodeBlock code={step.code} label="In code" />
        <ol className="tour-actions" aria-label="Do it">
          {play?.actions.map((action, at) => (
            <ActionItem key={action.label} label={action.label} at={at} play={play} />
          ))}
        </ol>
        {isDone && (
          <Note tone="good">
            <p role="status">{step.learned}</p>
          </Note>
        )}
        <footer className="tour-foot">
          {onPrevious && (
            <Button icon={ArrowLeft} onPress={onPrevious}>
              Previous <Kbd keys="P" />
            </Button>
          )}
          <Button icon={RotateCcw} kind="quiet" onPress={restart} isDisabled={play === undefined || play.done === 0}>
            Again
          </Button>
          <Button
            key={String(isDone)}
            kind={isDone ? "primary" : "plain"}
            icon={ArrowRight}
            onPress={onNext}
            autoFocus={isDone}
            className="tour-next"
          >
            {isLast ? "To your own keys" : "Next step"} {!isLast && <Kbd keys="N" />}
          </Button>
        </footer>
      </div>
      <div className="tour-stage">
        {play && (
          <>
            <KeysNow etcd={play.stage.etcd} />
            <Log stage={play.stage} />
          </>
        )}
      </div>
    </article>
  );
}

function ActionItem({ label, at, play }: { readonly label: string; readonly at: number; readonly play: Play }) {
  const isDone = at < play.done;
  const isNext = at === play.done;
  return (
    <li data-done={isDone}>
      <Button
        key={String(isNext)}
        kind={isNext ? "primary" : "plain"}
        icon={isDone ? Check : PlayIcon}
        onPress={() => void play.run()}
        isDisabled={!isNext}
        isPending={isNext && play.isRunning}
        autoFocus={isNext && at > 0}
      >
        {label}
      </Button>
    </li>
  );
}
