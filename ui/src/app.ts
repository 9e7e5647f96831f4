// What every page gets on top of working without scripts: partial updates (htmx), the search key, a menu that closes.
// htmx reads its settings (no indicator style, no history cache) from the meta element in the layout.
import "htmx.org";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const search = document.querySelector<HTMLInputElement>("#search");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  // On narrow screens the menu is opened by its address (#menu), so it works without scripts; Escape closes it.
  if (event.key === "Escape" && location.hash === "#menu") {
    location.hash = "";
    document.querySelector<HTMLElement>("#menu-open")?.focus();
  }
});

// A form marked so sends itself when a choice changes; without scripts its button does the same.
document.addEventListener("change", (event) => {
  const form = (event.target as HTMLElement | null)?.closest<HTMLFormElement>("form[data-submit-on-change]");
  form?.requestSubmit();
});

document.addEventListener("click", (event) => {
  if ((event.target as HTMLElement | null)?.closest("[data-print]")) {
    window.print();
  }
});

// Uploading a large file takes a while; a second click must not send it again.
document.addEventListener("submit", (event) => {
  const button = event.target instanceof HTMLFormElement ? event.target.querySelector<HTMLButtonElement>("button[data-busy]") : null;
  if (button) {
    button.textContent = button.dataset["busy"] ?? button.textContent;
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => (button.disabled = true), 0);
  }
});

// What the walk of a stocktake keeps on the device goes at log-out: the next person at it sees nothing of it.
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.getAttribute("action") === "/logout") {
    Object.keys(localStorage).filter((key) => key.startsWith("tomomori-stocktake/")).forEach((key) => localStorage.removeItem(key));
  }
});

// The back button may bring the page back from memory with the button still locked.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
