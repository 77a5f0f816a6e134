import { useEtcdValue } from "etcd-web/react";

/** The range that server and page look at. */
export const range = { prefix: "config/" } as const;

/** Shows what is configured, and what anybody makes of it later. */
export function Settings() {
  const title = useEtcdValue("config/title") ?? "A page";
  const theme = useEtcdValue("config/theme") ?? "light";
  return (
    <main className={theme}>
      <h1>{title}</h1>
      <p>The theme is {theme}.</p>
    </main>
  );
}
