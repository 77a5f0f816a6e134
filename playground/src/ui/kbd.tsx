import "./kbd.css";

const apple = /Mac|iP/.test(navigator.platform);

/** Keys to press, with spaces between: "Mod K", "G K". Mod is ⌘ or Ctrl. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="kbd">
      {keys.split(" ").map((key) => (
        <kbd key={key}>{shownKey(key)}</kbd>
      ))}
    </span>
  );
}

function shownKey(key: string): string {
  if (key === "Mod") return apple ? "⌘" : "Ctrl";
  return key === "Shift" && apple ? "⇧" : key;
}
