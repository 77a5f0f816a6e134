import { BookOpen, Link, Play, Save, Square, Undo2 } from "lucide-react";
import { lazy, Suspense, useEffect, useEffectEvent } from "react";
import { type Action, useActions } from "../../app/actions.ts";
import { useReadOnly } from "../../connection/use-connection.ts";
import { panelHref } from "../../route/router.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { confirm } from "../../ui/confirm.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { Menu } from "../../ui/menu.tsx";
import { PanelPage } from "../../ui/panel-page.tsx";
import { SplitPane } from "../../ui/split-pane.tsx";
import { toast } from "../../ui/toast.tsx";
import { examples } from "./examples/index.ts";
import { OutputPane } from "./output-pane.tsx";
import { openExample, openOwn, useCode } from "./use-code.ts";
import { useRun } from "./use-run.ts";
import "./code.css";

const Editor = lazy(async () => ({ default: (await import("./editor.tsx")).Editor }));

const exampleActions: readonly Action[] = examples.map(({ id, title }) => ({
  id: `example ${id}`,
  title: `Example: ${title}`,
  group: "Code",
  icon: BookOpen,
  run: () => openExample(id),
}));

/** An editor, and what its code says. */
export function Panel() {
  const { code, own, type, keep } = useCode();
  const run = useRun();
  const readOnly = useReadOnly();
  const isRunning = run.phase === "running";
  const start = (): void => run.start(code);
  useModEnter(start);
  useActions(exampleActions);

  async function copyLink(): Promise<void> {
    if (await copyText(new URL(panelHref("code", { code }), location.href).href)) {
      toast({ tone: "good", text: "A link to this code is on the clipboard." });
    }
  }

  async function keepAsOwn(): Promise<void> {
    const yes = await confirm({
      title: "Keep this as your own code?",
      body: <p>It takes the place of the code that you have written here before.</p>,
      action: "Keep it",
    });
    if (yes) keep(code);
  }

  return (
    <PanelPage
      title="Code"
      layout="full"
      meta={<span>{readOnly ? "TypeScript; this connection refuses writes" : "TypeScript, against this etcd"}</span>}
      tools={
        <>
          {own !== undefined && (
            <>
              <Button kind="quiet" icon={Undo2} onPress={openOwn}>
                Back to your own code
              </Button>
              <IconButton icon={Save} label="Keep this as your own code" onPress={() => void keepAsOwn()} />
            </>
          )}
          <Menu
            label="Examples"
            trigger={
              <Button kind="quiet" icon={BookOpen}>
                Examples
              </Button>
            }
            actions={examples.map(({ id, title }) => ({ id, label: title, run: () => openExample(id) }))}
          />
          <IconButton icon={Link} label="Copy a link to this code" onPress={() => void copyLink()} />
          {isRunning ? (
            <Button icon={Square} kind="danger" onPress={run.stop}>
              Stop
            </Button>
          ) : (
            <Button icon={Play} kind="primary" onPress={start}>
              Run
            </Button>
          )}
          <span className="code-shortcut">
            <Kbd keys="Mod ↵" />
          </span>
        </>
      }
    >
      <div className="code-panes">
        <SplitPane
          name="code"
          initial={58}
          first={
            <Suspense fallback={<p className="code-loading muted">Loading the editor…</p>}>
              <Editor code={code} onChange={type} onRun={start} />
            </Suspense>
          }
          second={<OutputPane state={run} onClear={run.clear} />}
        />
      </div>
    </PanelPage>
  );
}

/** Also outside of the editor. */
function useModEnter(act: () => void): void {
  const run = useEffectEvent(act);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
