// A click on a box says in the side column what it is; a click on a zone's name folds or opens the zone. Without scripts
// boxes are links to their devices, and zones have links beside the picture.

/** Adds what a click does. */
export function chosen(frame: HTMLElement, svg: SVGSVGElement): void {
  const page = frame.closest(".diagram-page") ?? document;
  const panel = page.querySelector<HTMLElement>("[data-diagram-box]");
  frame.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const target = event.target as Element;
    const id = /^\/ledger\/([0-9a-f-]{36})$/.exec(target.closest("a")?.getAttribute("href") ?? "")?.[1];
    if (id && panel) {
      event.preventDefault();
      select(svg, target.closest("[data-key]"));
      void fill(panel, id);
      return;
    }
    const zone = target.tagName === "text" ? target.closest("[data-zone]")?.getAttribute("data-zone") : null;
    if (zone) {
      const links = [...page.querySelectorAll<HTMLAnchorElement>("a[data-zone-link]")];
      links.find((link) => link.dataset["zoneLink"] === zone)?.click();
    }
  });
}

function select(svg: SVGSVGElement, box: Element | null): void {
  for (const old of svg.querySelectorAll(".found")) {
    old.classList.remove("found");
  }
  box?.classList.add("found");
}

async function fill(panel: HTMLElement, id: string): Promise<void> {
  try {
    const answer = await fetch(`/diagram/box/${id}${location.search}`, { headers: { "hx-request": "true" } });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    panel.innerHTML = await answer.text();
  } catch {
    panel.textContent = panel.dataset["failed"] ?? "";
  }
}
