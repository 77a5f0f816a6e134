import { useId, useState } from "react";

/** Which keys to watch; empty: all. */
export function PrefixForm({
  prefix,
  onWatch,
}: {
  readonly prefix: string;
  readonly onWatch: (prefix: string) => void;
}) {
  const [text, setText] = useState(prefix);
  const field = useId();
  return (
    <form
      className="prefix"
      onSubmit={(event) => {
        event.preventDefault();
        onWatch(text);
      }}
    >
      <label htmlFor={field}>Prefix</label>
      <input
        id={field}
        name="prefix"
        placeholder="everything"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">Watch</button>
    </form>
  );
}
