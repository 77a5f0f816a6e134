import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "puppeteer-core";

const betweenKeysMs = 120;
/** Each is typed letter by letter, and taken back in the same way. */
const words = ["12", "app/07", "*99", "/5$/"];
const scroll = { x: 300, y: 450, speed: 3_000, gestureSourceType: "mouse" } as const;
const scrollPixels = 4_500;

/** Scrolls the list and types in its filter, both at once, for so long; then all is as it was. */
export async function scrollAndType(devtools: CDPSession, ms: number): Promise<void> {
  const until = performance.now() + ms;
  const goesOn = (): boolean => performance.now() < until;
  await devtools.send("Runtime.evaluate", { expression: `document.querySelector(".key-filter input").focus()` });
  await Promise.all([scrollUpAndDown(devtools, goesOn), typeAndTakeBack(devtools, goesOn)]);
}

async function scrollUpAndDown(devtools: CDPSession, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    for (const yDistance of [-scrollPixels, scrollPixels]) {
      await devtools.send("Input.synthesizeScrollGesture", { ...scroll, yDistance });
    }
  }
}

async function typeAndTakeBack(devtools: CDPSession, goesOn: () => boolean): Promise<void> {
  for (let i = 0; goesOn(); i++) {
    const word = words[i % words.length] ?? "";
    for (const letter of word) await press(devtools, { key: letter, text: letter });
    for (const _ of word) await press(devtools, { key: "Backspace", windowsVirtualKeyCode: 8 });
  }
}

interface Key {
  readonly key: string;
  readonly text?: string;
  readonly windowsVirtualKeyCode?: number;
}

/** Not faster than somebody types; and the browser may take its time. */
async function press(devtools: CDPSession, key: Key): Promise<void> {
  const rest = sleep(betweenKeysMs);
  await devtools.send("Input.dispatchKeyEvent", { type: "keyDown", ...key });
  await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  await rest;
}
