import { useEffect, useState } from "react";

const everyMs = 250;

/** Whole seconds until `time`, counting down to 0; undefined without a time. */
export function useSecondsUntil(time: Date | undefined): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (time === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [time]);
  return time === undefined ? undefined : Math.max(0, Math.ceil((time.getTime() - now) / 1000));
}
