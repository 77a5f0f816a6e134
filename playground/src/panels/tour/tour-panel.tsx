import { Check, LogOut } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useActions } from "../../app/actions.ts";
import { openPanel } from "../../route/router.ts";
import { usePanelParam } from "../../route/use-route.ts";
import { Button } from "../../ui/button.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { loadProgress, saveProgress } from "./progress.ts";
import { StepPage } from "./step-page.tsx";
import { steps } from "./steps/steps.ts";
import { useStepKeys } from "./use-step-keys.ts";
import "./tour.css";

/** etcd in ten steps. */
export function Panel() {
  const [wanted, setWanted] = usePanelParam("step", "push");
  const [progress, setProgress] = useState(loadProgress);
  const name = wanted || progress.last;
  const index = Math.max(
    0,
    steps.findIndex((step) => step.name === name),
  );
  const step = steps[index];
  const go = (to: number): void => setWanted(steps[to]?.name);
  useStepKeys({ next: () => go(index + 1), previous: () => go(index - 1) });

  useEffect(() => saveProgress({ ...progress, last: step?.name }), [progress, step]);

  const actions = useMemo(
    () => [{ id: "tour leave", title: "Leave the tour", group: "Tour", icon: LogOut, run: leave }],
    [],
  );
  useActions(actions);

  function finish(): void {
    if (step !== undefined) setProgress(({ done, last }) => ({ done: [...new Set([...done, step.name])], last }));
  }

  return (
    <PanelPage
      title="Tour"
      layout="full"
      meta={
        <span>
          {progress.done.length} of {steps.length} steps done
        </span>
      }
      tools={
        <Button icon={LogOut} kind="quiet" onPress={leave}>
          Leave the tour
        </Button>
      }
    >
      <div className="tour">
        <nav className="tour-steps" aria-label="Steps">
          <ol>
            {steps.map((each, at) => (
              <li key={each.name}>
                <button type="button" aria-current={at === index ? "step" : undefined} onClick={() => go(at)}>
                  <span className="tour-number" data-done={progress.done.includes(each.name)}>
                    {progress.done.includes(each.name) ? <Check role="img" aria-label="Done:" /> : at + 1}
                  </span>
                  {each.title}
                </button>
              </li>
            ))}
          </ol>
        </nav>
        {step && (
          <StepPage
            key={step.name}
            step={step}
            number={index + 1}
            count={steps.length}
            onDone={finish}
            onPrevious={index > 0 ? () => go(index - 1) : undefined}
            onNext={index + 1 < steps.length ? () => go(index + 1) : leave}
          />
        )}
      </div>
    </PanelPage>
  );
}

function leave(): void {
  openPanel("keys");
}
