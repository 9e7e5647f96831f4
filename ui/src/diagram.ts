// Pan, zoom, search and focus on the SVG the server drew. Only the viewBox attribute changes, so no inline style is
// needed; without scripts the same picture is there, whole, and search, zones and days are links and forms.
import { arranging } from "./arrange";
import { chosen } from "./chosen";

interface Box { x: number; y: number; w: number; h: number }

const SMALLEST = 0.05; // of the whole picture: one device fills the screen
const STEP = 1.25;
const READABLE = 1.4; // units of the picture per pixel at which its text (15 units high) can still be read
const FAR = 4.5; // units per pixel from which on nobody can read it, and drawing thousands of texts only takes time

function start(frame: HTMLElement): void {
  const svg = frame.querySelector<SVGSVGElement>("svg");
  if (!svg) {
    return;
  }
  const whole: Box = { x: svg.viewBox.baseVal.x, y: svg.viewBox.baseVal.y, w: svg.viewBox.baseVal.width, h: svg.viewBox.baseVal.height };
  let view: Box = { ...whole };
  const isFar = (w: number): boolean => w / Math.max(1, frame.clientWidth) > FAR;
  const show = (next: Box): void => {
    const w = Math.min(whole.w, Math.max(whole.w * SMALLEST, next.w));
    const h = (w / next.w) * next.h;
    // Never lose the picture: at least its edge stays in sight.
    const x = Math.min(whole.x + whole.w - w * 0.2, Math.max(whole.x - w * 0.8, next.x));
    const y = Math.min(whole.y + whole.h - h * 0.2, Math.max(whole.y - h * 0.8, next.y));
    view = { x, y, w, h };
    frame.classList.toggle("far", isFar(w));
    svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
  };
  const toPicture = (clientX: number, clientY: number): { x: number; y: number; perPixel: number } => {
    const matrix = svg.getScreenCTM();
    if (!matrix) {
      return { x: view.x, y: view.y, perPixel: 1 };
    }
    const point = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
    return { x: point.x, y: point.y, perPixel: 1 / matrix.a };
  };
  const zoom = (factor: number, at?: { x: number; y: number }): void => {
    const centre = at ?? { x: view.x + view.w / 2, y: view.y + view.h / 2 };
    const real = Math.min(whole.w, Math.max(whole.w * SMALLEST, view.w / factor)) / view.w;
    show({ x: centre.x - (centre.x - view.x) * real, y: centre.y - (centre.y - view.y) * real, w: view.w * real, h: view.h * real });
  };
  const move = (dx: number, dy: number): void => show({ ...view, x: view.x + dx, y: view.y + dy });

  frame.classList.toggle("far", isFar(whole.w));
  frame.classList.add("live");
  frame.closest(".diagram-page")?.classList.add("live-on");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.setAttribute("preserveAspectRatio", "xMidYMin meet");

  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, toPicture(event.clientX, event.clientY));
  }, { passive: false });

  const boxes = arranging(frame, svg, toPicture, () => svg.getAttribute("viewBox") ?? "");

  // One pointer drags, two pinch. A drag that moved must not follow the link it started on.
  const pointers = new Map<number, PointerEvent>();
  let moved = false;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !boxes?.takes(event.target)) {
      pointers.set(event.pointerId, event);
      moved = false;
    }
  });
  frame.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      return;
    }
    const others = [...pointers.values()].filter((other) => other.pointerId !== event.pointerId);
    const other = others[0];
    if (other) {
      const distance = (p: PointerEvent): number => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
      zoom(distance(event) / Math.max(1, distance(before)), toPicture((event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2));
      moved = true;
    } else {
      if (!moved && Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) < 4) {
        return;
      }
      if (!moved) {
        frame.setPointerCapture(event.pointerId);
        frame.classList.add("dragging");
      }
      moved = true;
      const scale = toPicture(0, 0).perPixel;
      move((before.clientX - event.clientX) * scale, (before.clientY - event.clientY) * scale);
    }
    pointers.set(event.pointerId, event);
  });
  const release = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    frame.classList.remove("dragging");
  };
  frame.addEventListener("pointerup", release);
  frame.addEventListener("pointercancel", release);
  frame.addEventListener("click", (event) => {
    if (moved) {
      event.preventDefault();
      moved = false;
    }
  }, true);
  frame.addEventListener("dragstart", (event) => event.preventDefault());

  frame.addEventListener("keydown", (event) => {
    if (boxes?.key(event)) {
      return;
    }
    const actions: Record<string, () => void> = {
      ArrowLeft: () => move(-view.w / 10, 0),
      ArrowRight: () => move(view.w / 10, 0),
      ArrowUp: () => move(0, -view.h / 10),
      ArrowDown: () => move(0, view.h / 10),
      "+": () => zoom(STEP),
      "=": () => zoom(STEP),
      "-": () => zoom(1 / STEP),
      "0": () => show(whole),
    };
    const action = actions[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      action();
    }
  });

  const page = frame.closest(".diagram-page") ?? document;
  page.querySelector("[data-zoom-in]")?.addEventListener("click", () => zoom(STEP));
  page.querySelector("[data-zoom-out]")?.addEventListener("click", () => zoom(1 / STEP));
  page.querySelector("[data-fit]")?.addEventListener("click", () => show(whole));

  const nodes = [...svg.querySelectorAll<SVGGraphicsElement>("[data-key]")];
  const nameOf = (node: Element): string =>
    `${node.getAttribute("data-name") ?? ""} ${node.textContent ?? ""}`.normalize("NFKC").toLowerCase();
  const focusOn = (node: SVGGraphicsElement): void => {
    for (const old of svg.querySelectorAll(".found")) {
      old.classList.remove("found");
    }
    node.classList.add("found");
    const box = node.getBBox();
    const w = Math.min(Math.max(box.width * 6, whole.w * 0.25), frame.clientWidth * READABLE);
    const h = (w / view.w) * view.h;
    show({ x: box.x + box.width / 2 - w / 2, y: box.y + box.height / 2 - h / 2, w, h });
  };
  const search = page.querySelector<HTMLFormElement>("form[data-diagram-search]");
  const answer = page.querySelector<HTMLElement>("[data-diagram-answer]");
  let turn = 0;
  let last = "";
  const find = (): number => {
    const words = (search?.querySelector("input")?.value ?? "").normalize("NFKC").trim().toLowerCase();
    const hits = words === "" ? [] : nodes.filter((node) => nameOf(node).includes(words));
    turn = words === last ? turn + 1 : 0;
    last = words;
    const hit = hits[turn % Math.max(1, hits.length)];
    if (hit) {
      focusOn(hit);
    }
    if (answer) {
      const text = hits.length === 0 ? answer.dataset["none"] : answer.dataset["some"];
      answer.textContent = words === "" ? "" : (text ?? "").replace("{n}", String(hits.length)).replace("{i}", String((turn % Math.max(1, hits.length)) + 1));
    }
    return hits.length;
  };
  search?.addEventListener("submit", (event) => {
    // What is not in the picture (folded, or left out of a part) the server looks for.
    if (find() > 0) {
      event.preventDefault();
    }
  });
  chosen(frame, svg);

  // `?focus=<resource id>` comes from a finding or a ledger row.
  const wanted = new URLSearchParams(location.search).get("focus");
  const target = wanted && nodes.find((node) => (node.getAttribute("data-key") ?? "").split(" ").includes(wanted));
  const before = boxes?.view();
  const kept = before?.split(" ").map(Number) ?? [];
  const [x, y, w, h] = kept;
  if (x !== undefined && y !== undefined && w !== undefined && h !== undefined && kept.every(Number.isFinite)) {
    show({ x, y, w, h });
  } else if (target) {
    focusOn(target);
  } else if (frame.clientWidth < 700) {
    // A phone shows the whole picture as a stamp: begin where the lines from outside come in.
    const w = frame.clientWidth * READABLE;
    show({ x: whole.x, y: whole.y, w, h: (w / whole.w) * whole.h });
  }
}

for (const frame of document.querySelectorAll<HTMLElement>("[data-diagram]")) {
  start(frame);
}
