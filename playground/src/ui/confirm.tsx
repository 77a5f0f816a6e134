import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./field.tsx";
import { sharedValue } from "./shared-value.ts";

/** What is asked before something that cannot be undone. */
export interface Question {
  /** "Delete 3 keys?" */
  readonly title: string;
  readonly body: ReactNode;
  /** The button: a verb and what it is about, "Delete 3 keys". */
  readonly action: string;
  /** Has to be typed before the button works: for what touches everything. */
  readonly phrase?: string;
  /** Default true. */
  readonly danger?: boolean;
  /** The same in TypeScript, to be copied. */
  readonly code?: string;
}

interface Asked extends Question {
  readonly answer: (yes: boolean) => void;
}

const asked = sharedValue<Asked | undefined>(undefined);

/** Asks; resolves with whether the answer was yes. */
export function confirm(question: Question): Promise<boolean> {
  asked.get()?.answer(false);
  return new Promise((resolve) => {
    asked.set({
      ...question,
      answer: (yes) => {
        asked.set(undefined);
        resolve(yes);
      },
    });
  });
}

/** Where questions appear; once, in the shell. */
export function ConfirmHost() {
  const question = asked.use();
  return question && <ConfirmDialog key={question.title} question={question} />;
}

function ConfirmDialog({ question }: { readonly question: Asked }) {
  const { title, body, action, phrase, danger = true, code, answer } = question;
  const [typed, setTyped] = useState("");
  const ready = phrase === undefined || typed === phrase;
  return (
    <Dialog
      title={title}
      isOpen
      role="alertdialog"
      size="small"
      code={code}
      onClose={() => answer(false)}
      footer={
        <>
          <Button onPress={() => answer(false)} autoFocus={phrase === undefined}>
            Cancel
          </Button>
          <Button
            kind={danger ? "danger" : "primary"}
            className="solid"
            isDisabled={!ready}
            onPress={() => answer(true)}
          >
            {action}
          </Button>
        </>
      }
    >
      {body}
      {phrase !== undefined && (
        <TextField label={`Type ${phrase} to go on`} value={typed} onChange={setTyped} autoFocus mono />
      )}
    </Dialog>
  );
}
