/** Tabs that the server rendered: arrows move, the chosen panel is shown. */
export function tabList(list: HTMLElement): void {
  const tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
  const choose = (to: HTMLElement): void => {
    for (const tab of tabs) {
      const on = tab === to;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      panel?.toggleAttribute("hidden", !on);
    }
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (e) => {
      const at = tabs.indexOf(tab);
      const to =
        e.key === "ArrowRight"
          ? tabs[(at + 1) % tabs.length]
          : e.key === "ArrowLeft"
            ? tabs.at(at - 1)
            : e.key === "Home"
              ? tabs[0]
              : e.key === "End"
                ? tabs.at(-1)
                : undefined;
      if (to === undefined) return;
      e.preventDefault();
      choose(to);
      to.focus();
    });
  }
}
