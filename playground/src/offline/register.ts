/** Once loaded, the page works without a network: its files are kept. Where that is not allowed, it works as before. */
export function worksOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI)).catch(() => {
    // Private windows and some policies refuse it; nothing is lost but the offline start.
  });
}
