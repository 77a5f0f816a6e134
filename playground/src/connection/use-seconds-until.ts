import { useEffect, useState } from "react";

const everyMs = 250;

/** Whole seconds until `time`, counting down to 0. */
export function useSecondsUntil(time: Date): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((time.getTime() - now) / 1000));
}
