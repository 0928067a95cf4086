const KEY = "telltale.person";
let known: string | undefined;

/** The id under which this browser keeps its private views, made up at the first need. Until there are accounts. */
export function personId(): string {
  known ??= stored() ?? makeUp();
  return known;
}

function stored(): string | undefined {
  try {
    const id = localStorage.getItem(KEY);
    return id !== null && /^[\w-]{8,100}$/.test(id) ? id : undefined;
  } catch {
    return undefined; // switched off: the id lasts as long as the page
  }
}

function makeUp(): string {
  // randomUUID is there on https and localhost only.
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // As above.
  }
  return id;
}
