import { ListTree, SlidersHorizontal } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Input } from "react-aria-components/Input";
import { Popover } from "react-aria-components/Popover";
import { SearchField } from "react-aria-components/SearchField";
import { usePanelParam } from "../../route/use-route.ts";
import { tryParse } from "../../text/typed-key.ts";
import { TextField } from "../../ui/field.tsx";
import { Segmented } from "../../ui/toggles.tsx";

interface KeyToolsProps {
  readonly filter: string;
  readonly onFilter: (text: string) => void;
  readonly fault: string | undefined;
}

/** The filter, and how the keys are shown. `/` goes to the filter. Keys that change do not draw it again. */
export const KeyTools = memo(function KeyTools({ filter, onFilter, fault }: KeyToolsProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const [inner] = event.composedPath();
      const isTyping = inner instanceof HTMLElement && /^(INPUT|TEXTAREA)$|-/.test(inner.tagName);
      if (event.key !== "/" || isTyping || (inner instanceof HTMLElement && inner.isContentEditable)) return;
      event.preventDefault();
      input.current?.focus();
    }
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

  return (
    <div className="key-tools">
      <SearchField className="key-filter" aria-label="Filter keys" value={filter} onChange={onFilter}>
        <Input ref={input} className="input" placeholder="Filter: text, config/*, /regex/" spellCheck={false} />
      </SearchField>
      <ViewOptions />
      {fault !== undefined && (
        <p className="field-error" role="status">
          {fault}
        </p>
      )}
    </div>
  );
});

function ViewOptions() {
  const [view, setView] = usePanelParam("view");
  const [separator, setSeparator] = usePanelParam("separator");
  const [prefix, setPrefix] = usePanelParam("prefix");
  const [typed, setTyped] = useState(prefix);
  const [, fault] = tryParse(typed);
  return (
    <>
      <Segmented
        label="How keys are shown"
        value={view === "list" ? "list" : "tree"}
        onChange={(next) => setView(next === "tree" ? undefined : next)}
        choices={[
          { id: "tree", label: "Tree" },
          { id: "list", label: "List" },
        ]}
      />
      <DialogTrigger>
        <AriaButton className="button icon-only quiet" aria-label="Which keys, and what parts them">
          <SlidersHorizontal aria-hidden="true" />
        </AriaButton>
        <Popover className="popover" placement="bottom end" offset={4}>
          <Dialog className="key-options" aria-label="Which keys, and what parts them">
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (fault === undefined) setPrefix(typed);
              }}
            >
              <TextField
                label="Only keys with this prefix"
                mono
                value={typed}
                onChange={setTyped}
                error={fault}
                hint="Enter reads them; \xff is a byte."
              />
            </form>
            <TextField
              label="Separator of folders"
              mono
              value={separator}
              onChange={setSeparator}
              placeholder="/"
              isDisabled={view === "list"}
            />
            <p className="hint">
              <ListTree aria-hidden="true" size={13} /> These are part of the link.
            </p>
          </Dialog>
        </Popover>
      </DialogTrigger>
    </>
  );
}
