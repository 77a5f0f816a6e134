/** What this is. */
export function Footer() {
  return (
    <footer className="footer">
      <p>
        This page is a client of etcd itself: <strong>etcd-web</strong> speaks gRPC-Web from the browser, and all that
        stands between is a proxy that passes it on. Every line of the live watch is an event that etcd sent.
      </p>
    </footer>
  );
}
