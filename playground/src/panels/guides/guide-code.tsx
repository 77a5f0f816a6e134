import { SquareTerminal } from "lucide-react";
import { openPanel } from "../../route/router.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";

const labels: Readonly<Record<string, string>> = {
  ts: "TypeScript",
  tsx: "TypeScript with JSX",
  sh: "Commands",
  yaml: "YAML",
  nginx: "Configuration of nginx",
};

/** A block of a guide: to copy and, where it is a program that runs as it is, to run. */
export function GuideCode({ lang = "", code }: { readonly lang?: string | undefined; readonly code: string }) {
  const [language = "", use] = lang.split(" ");
  return (
    <>
      <CodeBlock code={code} label={labels[language] ?? "Text"} />
      {use === "run" && (
        <p>
          <Button icon={SquareTerminal} onPress={() => openPanel("code", { code })}>
            Open in the code panel
          </Button>
        </p>
      )}
    </>
  );
}
