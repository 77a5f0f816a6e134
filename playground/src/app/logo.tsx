/** A pulse: something has changed. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M6 17h5l3-8 4 15 3-7h5" />
    </svg>
  );
}
