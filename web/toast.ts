/** A short message at the edge of the page. */
export function toast(text: string): void {
  const box = document.getElementById("toasts");
  if (box === null) return;
  const el = document.createElement("div");
  el.className = "toast";
  el.textContent = text;
  box.append(el);
  setTimeout(() => el.remove(), 4000);
}
