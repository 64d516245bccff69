/**
 * What a form asks for is done by the page it leads to, where it can be taken back. The mark says that a person
 * pressed the button here: a link of another site to the same address does nothing.
 */

const key = "statehouse.instead";

/** Leaves the mark; false where nothing can be stored. */
export function mark(address: string, storage: Storage = sessionStorage): boolean {
  try {
    storage.setItem(key, address);
    return true;
  } catch {
    return false;
  }
}

/** Tells once whether this address was asked for by a form of ours. */
export function asked(address: string, storage: Storage = sessionStorage): boolean {
  try {
    const marked = storage.getItem(key);
    storage.removeItem(key);
    return marked === address;
  } catch {
    return false;
  }
}
