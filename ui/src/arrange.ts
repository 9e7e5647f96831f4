// Moving boxes: while it is switched on, a box is dragged to another cell of its zone, or chosen and moved with the arrow
// keys. The server decides which cell is meant, keeps it and draws the picture anew.

interface Picture { x: number; y: number; perPixel: number }

const VIEW = "diagram-view"; // the part of the picture in sight is the same after the reload

export interface Boxes {
  /** Whether a pointer on this element moves a box, not the picture. */
  takes(target: EventTarget | null): boolean;
  /** Handles a key; false when it means nothing here. */
  key(event: KeyboardEvent): boolean;
  /** The part of the picture that was in sight before a box was moved, once. */
  view(): string | null;
}

/** Prepares moving boxes; null where the reader may not. */
export function arranging(frame: HTMLElement, svg: SVGSVGElement, toPicture: (x: number, y: number) => Picture, inSight: () => string): Boxes | null {
  const page = frame.closest(".diagram-page") ?? document;
  const button = page.querySelector<HTMLButtonElement>("[data-arrange]");
  const form = page.querySelector<HTMLFormElement>("form[data-arrange-form]");
  const answer = page.querySelector<HTMLElement>("[data-diagram-answer]");
  if (!button || !form) {
    return null;
  }
  const say = (text: string | undefined): void => {
    if (answer) {
      answer.textContent = text ?? "";
    }
  };
  const isOn = (): boolean => frame.classList.contains("arranging");
  const turn = (on: boolean): void => {
    frame.classList.toggle("arranging", on);
    button.setAttribute("aria-pressed", String(on));
    button.textContent = (on ? button.dataset["on"] : button.dataset["off"]) ?? "";
    say(on ? answer?.dataset["hint"] : "");
  };
  button.addEventListener("click", () => turn(!isOn()));

  const send = async (node: string, place: Record<string, number>): Promise<void> => {
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    body.set("node", node);
    for (const [name, value] of Object.entries(place)) {
      body.set(name, String(Math.round(value)));
    }
    const done = await fetch("/diagram/pin", { method: "POST", body, headers: { "hx-request": "true" } });
    if (done.ok) {
      sessionStorage.setItem(VIEW, JSON.stringify({ view: inSight(), node }));
      location.reload();
    } else {
      say(answer?.dataset["refused"]);
    }
  };
  const boxOf = (target: EventTarget | null): SVGGraphicsElement | null =>
    target instanceof Element ? target.closest<SVGGraphicsElement>("[data-key]") : null;

  let dragged: { box: SVGGraphicsElement; from: Picture; moved: boolean } | null = null;
  const drop = (): void => {
    dragged?.box.removeAttribute("transform");
    dragged?.box.classList.remove("moving");
    dragged = null;
  };
  frame.addEventListener("pointerdown", (event) => {
    const box = isOn() && event.button === 0 ? boxOf(event.target) : null;
    if (box) {
      dragged = { box, from: toPicture(event.clientX, event.clientY), moved: false };
    }
  });
  frame.addEventListener("pointermove", (event) => {
    if (dragged) {
      const at = toPicture(event.clientX, event.clientY);
      dragged.moved ||= Math.hypot(at.x - dragged.from.x, at.y - dragged.from.y) > 6;
      if (dragged.moved) {
        frame.setPointerCapture(event.pointerId);
        dragged.box.classList.add("moving");
        dragged.box.setAttribute("transform", `translate(${at.x - dragged.from.x} ${at.y - dragged.from.y})`);
      }
    }
  });
  frame.addEventListener("pointerup", (event) => {
    if (dragged?.moved) {
      const node = dragged.box.getAttribute("data-key") ?? "";
      const at = toPicture(event.clientX, event.clientY);
      void send(node, { x: at.x, y: at.y });
    }
    drop();
  });
  frame.addEventListener("pointercancel", drop);
  // In this mode a click chooses a box and opens nothing.
  frame.addEventListener("click", (event) => {
    if (isOn() && boxOf(event.target)) {
      event.preventDefault();
      boxOf(event.target)?.querySelector<SVGAElement>("a")?.focus();
    }
  }, true);

  const steps: Record<string, Record<string, number>> = {
    ArrowLeft: { right: -1, down: 0 },
    ArrowRight: { right: 1, down: 0 },
    ArrowUp: { right: 0, down: -1 },
    ArrowDown: { right: 0, down: 1 },
  };
  return {
    takes: (target) => isOn() && boxOf(target) !== null,
    key: (event) => {
      const box = isOn() ? boxOf(event.target) : null;
      const step = steps[event.key];
      if (!box || !step) {
        return false;
      }
      event.preventDefault();
      void send(box.getAttribute("data-key") ?? "", step);
      return true;
    },
    view: () => {
      const text = sessionStorage.getItem(VIEW);
      if (text === null) {
        return null;
      }
      sessionStorage.removeItem(VIEW);
      const before = JSON.parse(text) as { view: string; node: string };
      turn(true);
      say(answer?.dataset["saved"]);
      const box = [...svg.querySelectorAll("[data-key]")].find((other) => other.getAttribute("data-key") === before.node);
      box?.querySelector<SVGAElement>("a")?.focus();
      return before.view;
    },
  };
}
