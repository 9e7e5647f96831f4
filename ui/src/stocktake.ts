// The walk of a stocktake with a phone, made to outlast a lost network: once the page is there, answers are kept on the device
// and sent when it is possible, in any order and as often as it takes; the server knows each by its id.
//
// On the device lie the items of the round and what was not sent yet, nothing about people; both go when the round is closed
// or at log-out (app.ts). There is no service worker: it would have to keep the page itself, with a name and a token in it.

export {};

type Outcome = "found" | "missing" | "elsewhere" | "extra";
interface Item {
  id: string; at: number; name: string; number: string | null; product: string | null; serial: string | null;
  outcome: Outcome | null; place: string | null; ago: number;
}
interface Answer {
  id: string; item: string | null; outcome: Outcome; place?: string; note?: string; name?: string; kind?: string; label?: string;
  /** When it was given, by this device's clock; what is sent is how long ago that was. */
  at: number;
}
interface Kept { places: string[]; items: Item[]; unsent: Answer[]; refused: Answer[] }

/** Answers of one delivery; a form of the server takes 256 KB. */
const BATCH = 50;
/** How often an unsent answer is tried again, in milliseconds. */
const AGAIN = 15_000;

const root = document.querySelector<HTMLElement>("#walk");
if (root) {
  start(root);
}

function start(walk: HTMLElement): void {
  const round = walk.dataset["round"] ?? "";
  const key = `tomomori-stocktake/${walk.dataset["owner"] ?? ""}/${round}`;
  const by = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
  const words = new Map<string, string>();
  by<HTMLTemplateElement>("words").content.querySelectorAll<HTMLElement>("[data-key]").forEach((word) => {
    words.set(word.dataset["key"] ?? "", word.textContent ?? "");
  });
  const state: Kept = { places: [], items: [], unsent: [], refused: [], ...read() };
  let here = Number(walk.dataset["here"] ?? 0);
  let chosen: string | null = by("answer").querySelector<HTMLInputElement>("[name=item]")?.value || null;
  let query = "";
  let sending = false;

  function read(): Partial<Kept> {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Kept>;
    } catch {
      return {};
    }
  }
  function keep(): void {
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      // A full or forbidden store: the page still works as long as it is open.
    }
  }

  const shown = (id: string, on: boolean): boolean => by(id).toggleAttribute("hidden", !on);
  const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

  /** Looks again at what others answered; what was not sent from here yet comes on top. */
  async function refresh(): Promise<void> {
    try {
      const answer = await fetch(`/stocktakes/${round}/items.json`, { redirect: "manual" });
      if (answer.status === 409) {
        end();
      } else if (answer.ok) {
        const found = (await answer.json()) as Pick<Kept, "places" | "items">;
        state.places = found.places;
        state.items = found.items;
        for (const unsent of state.unsent) {
          apply(unsent);
        }
        keep();
      }
    } catch {
      // Without network the copy of before does.
    }
    draw();
  }

  function apply(answer: Answer): void {
    const item = state.items.find((known) => known.id === answer.item);
    const later = item && (item.outcome === null || Date.now() - answer.at <= item.ago);
    if (item && later) {
      item.outcome = answer.outcome;
      item.place = answer.place ?? null;
    }
  }

  function say(answer: Omit<Answer, "id" | "at">): void {
    const made: Answer = { id: crypto.randomUUID(), at: Date.now(), ...answer };
    state.unsent.push(made);
    const item = state.items.find((known) => known.id === made.item);
    if (item) {
      item.outcome = made.outcome;
      item.place = made.place ?? null;
      item.ago = 0;
    }
    keep();
    chosen = null;
    draw();
    void send();
  }

  async function send(): Promise<void> {
    if (sending || state.unsent.length === 0) {
      return;
    }
    sending = true;
    let size = BATCH;
    try {
      while (state.unsent.length > 0) {
        const batch = state.unsent.slice(0, size);
        const status = await deliver(batch);
        shown("relogin", status === 0 || status === 401 || status === 403);
        if (status === 200) {
          state.unsent.splice(0, batch.length);
        } else if (status === 409) {
          state.refused.push(...state.unsent.splice(0));
          end();
        } else if (status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)) {
          // One of them is no good: find it alone, so that the others arrive.
          if (batch.length === 1) {
            state.refused.push(...state.unsent.splice(0, 1));
          }
          size = 1;
        } else {
          break;
        }
        keep();
        draw();
      }
      shown("offline", false);
    } catch {
      shown("offline", true);
    } finally {
      sending = false;
      draw();
    }
  }

  /** Sends answers; 0 = sent to the log-in page. */
  async function deliver(batch: Answer[]): Promise<number> {
    const now = Date.now();
    const answers = batch.map(({ at, ...rest }) => ({ ...rest, ago: Math.max(0, now - at) }));
    const body = new URLSearchParams({ csrf: walk.dataset["csrf"] ?? "", answers: JSON.stringify(answers) });
    return (await fetch(`/stocktakes/${round}/answers`, { method: "POST", body, redirect: "manual" })).status;
  }

  /** The round was closed: nothing of it stays but what could not be sent. */
  function end(): void {
    state.items = [];
    state.places = [];
    shown("ended", true);
    shown("card", false);
    if (state.refused.length === 0 && state.unsent.length === 0) {
      localStorage.removeItem(key);
    } else {
      keep();
    }
  }

  function rowsHere(): Item[] {
    const looked = fold(query);
    const match = (item: Item): boolean => [item.name, item.number, item.serial].some((text) => text && fold(text).includes(looked));
    return looked ? state.items.filter(match).slice(0, 50) : state.items.filter((item) => item.at === here);
  }

  function count(id: string, done: number, all: number): void {
    by(id).textContent = ofText(done, all);
  }
  function ofText(done: number, all: number): string {
    return (walk.dataset["doneOf"] ?? "").replace("##", String(all)).replace("#", String(done));
  }

  function draw(): void {
    shown("unsent", state.unsent.length > 0);
    by("unsent").textContent = (words.get("unsent") ?? "").replace("#", String(state.unsent.length));
    shown("refused", state.refused.length > 0);
    by("refused-list").replaceChildren(...state.refused.map(describe));
    if (state.items.length === 0) {
      return;
    }
    const done = state.items.filter((item) => item.outcome !== null).length;
    const bar = by<HTMLProgressElement>("bar");
    bar.max = state.items.length;
    bar.value = done;
    count("done", done, state.items.length);
    // At the end of a place the walk goes on where something is left.
    const open = (at: number): boolean => state.items.some((item) => item.at === at && item.outcome === null);
    if (chosen === null && query === "" && !open(here)) {
      const next = state.places.findIndex((_, at) => open(at));
      here = next < 0 ? here : next;
    }
    by("here-name").textContent = state.places[here] ?? "";
    for (const link of by("places").querySelectorAll<HTMLElement>("a[data-at]")) {
      const at = Number(link.dataset["at"]);
      const items = state.items.filter((item) => item.at === at);
      const text = link.querySelector("span");
      if (text) {
        text.textContent = ofText(items.filter((item) => item.outcome !== null).length, items.length);
      }
      if (at === here) {
        link.setAttribute("aria-current", "true");
      } else {
        link.removeAttribute("aria-current");
      }
    }
    const rows = rowsHere();
    shown("find-none", query !== "" && rows.length === 0);
    by("rows").replaceChildren(...rows.map(row));
    const wanted = state.items.find((item) => item.id === chosen);
    card(wanted ?? rows.find((item) => item.outcome === null) ?? (rows.length === 1 ? rows[0] : undefined));
    by("all-done").textContent = words.get(done === state.items.length ? "all-done" : "place-done") ?? "";
  }

  function row(item: Item): Node {
    const made = by<HTMLTemplateElement>("row").content.cloneNode(true) as DocumentFragment;
    const set = (selector: string, text: string): void => {
      const part = made.querySelector(selector);
      if (part) {
        part.textContent = text;
      }
    };
    set(".name", item.name);
    set(".mono", item.number ?? "");
    set(".tag", words.get(item.outcome ?? "none") ?? "");
    made.querySelector(".tag")?.classList.add(item.outcome === "found" ? "green" : item.outcome ? "orange" : "unknown");
    made.querySelector("a")?.setAttribute("data-item", item.id);
    return made;
  }

  function card(item: Item | undefined): void {
    shown("card", item !== undefined);
    shown("all-done", item === undefined && query === "");
    if (!item) {
      return;
    }
    by("card-name").textContent = item.name;
    by("card-number").textContent = item.number ?? "–";
    by("card-serial").textContent = item.serial ?? "–";
    by("card-product").textContent = item.product ?? "";
    by("card-outcome").textContent = item.outcome ? `${words.get(item.outcome) ?? ""} ${item.place ?? ""}` : "";
    for (const form of ["answer", "elsewhere"]) {
      const field = by(form).querySelector<HTMLInputElement>("[name=item]");
      if (field && field.value !== item.id) {
        field.value = item.id;
        by<HTMLFormElement>(form).querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, [name=place]").forEach((text) => (text.value = ""));
      }
    }
  }

  function describe(answer: Answer): Node {
    const line = document.createElement("li");
    const item = state.items.find((known) => known.id === answer.item);
    const parts = [item?.name ?? answer.name ?? answer.item, words.get(answer.outcome), answer.place, answer.label, answer.note];
    line.textContent = parts.filter((part) => part).join(" / ");
    return line;
  }

  walk.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (state.items.length === 0 || !["answer", "elsewhere", "extra", "find"].includes(form.id)) {
      return;
    }
    event.preventDefault();
    if (form.id === "find") {
      return;
    }
    const fields = new FormData(form, event.submitter);
    const text = (name: string): string | undefined => String(fields.get(name) ?? "").trim() || undefined;
    say({
      item: form.id === "extra" ? null : (text("item") ?? null), outcome: (text("outcome") ?? "found") as Outcome,
      place: text("place"), note: text("note"), name: text("name"), kind: text("kind"), label: text("label"),
    });
    if (form.id === "extra") {
      by("said").textContent = (walk.dataset["saved"] ?? "").replace("#", text("name") ?? "");
    }
    form.reset();
    by<HTMLDetailsElement>("moved").open = false;
    if (query !== "") {
      query = "";
      by<HTMLInputElement>("find-q").value = "";
      draw();
    }
    if (form.id !== "extra") {
      by("done").scrollIntoView({ block: "start" });
    }
  });

  walk.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLElement>("a[data-at], a[data-item]");
    if (!link || state.items.length === 0) {
      return;
    }
    event.preventDefault();
    chosen = link.dataset["item"] ?? null;
    if (link.dataset["at"] !== undefined) {
      here = Number(link.dataset["at"]);
      chosen = state.items.find((item) => item.at === here && item.outcome === null)?.id ?? state.items.find((item) => item.at === here)?.id ?? null;
      link.closest("details")?.removeAttribute("open");
    }
    draw();
    by("card").scrollIntoView({ block: "center" });
  });

  by("find-q").addEventListener("input", (event) => {
    query = (event.target as HTMLInputElement).value.trim();
    chosen = null;
    draw();
  });
  by("refused-clear").addEventListener("click", () => {
    state.refused = [];
    keep();
    draw();
  });

  // What was not sent would be lost by logging out: said once, then done.
  let warned = false;
  document.addEventListener("submit", (event) => {
    const leaves = (event.target as HTMLFormElement).getAttribute("action") === "/logout";
    if (leaves && state.unsent.length > 0 && !warned) {
      event.preventDefault();
      event.stopImmediatePropagation();
      warned = true;
      shown("logout-unsent", true);
      by("logout-unsent").scrollIntoView({ block: "center" });
    }
  }, true);

  window.addEventListener("online", () => void send().then(refresh));
  window.addEventListener("offline", () => shown("offline", true));
  setInterval(() => void send(), AGAIN);
  draw();
  void send().then(refresh);
}
