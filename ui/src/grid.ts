// The grid over the ledger: move, edit, paste from Excel, fill down, copy. It only collects what was typed; the server
// reads it, shows what would change and writes. Without this script the table is a list with links to the forms.
// On the list it counts the ticked devices.

type Cell = { resource: string; column: string; text: string };
type At = { row: number; column: number };

/** Cells of the clipboard's text, as Excel writes it; the server reads each cell for itself. */
export function split(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== "" || row.length > 0) {
    const quoted = /^"((?:[^"]|"")*)"(?=[\t\r\n]|$)/.exec(rest);
    const plain = quoted ? "" : (/^[^\t\r\n]*/.exec(rest)?.[0] ?? "");
    row.push(quoted ? (quoted[1] ?? "").replaceAll('""', '"') : plain);
    rest = rest.slice((quoted ? quoted[0] : plain).length);
    if (rest.startsWith("\t")) {
      rest = rest.slice(1);
    } else {
      rest = rest.replace(/^(\r\n|\n|\r)/, "");
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** A cell as the clipboard wants it. */
function quote(text: string): string {
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function start(table: HTMLTableElement, csrf: string): void {
  const columns = [...table.tHead!.rows[0]!.cells].slice(1).map((cell) => cell.dataset["column"] ?? "");
  const rows = [...table.tBodies[0]!.rows];
  const cell = (at: At) => rows[at.row]?.cells[at.column + 1] as HTMLTableCellElement;
  const text = (at: At) => cell(at).textContent ?? "";
  const changed = new Map<string, { at: At; before: string }>();
  const check = document.querySelector<HTMLButtonElement>("#grid-check")!;
  const state = document.querySelector<HTMLElement>("#grid-state")!;
  const preview = document.querySelector<HTMLElement>("#grid-preview")!;
  let head: At = { row: 0, column: 0 };
  let anchor: At = head;
  let input: HTMLTextAreaElement | null = null;
  // Whether leaving loses what was typed; writing leaves as well.
  let leaving = false;

  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  table.classList.add("live");
  document.body.classList.add("live-on");

  function say(note = ""): void {
    const some = (state.dataset["some"] ?? "").replace("COUNT", String(changed.size));
    state.textContent = [changed.size > 0 ? some : (state.dataset["none"] ?? ""), note].join(" ");
    check.disabled = changed.size === 0;
  }

  function range(): { from: At; to: At } {
    return {
      from: { row: Math.min(head.row, anchor.row), column: Math.min(head.column, anchor.column) },
      to: { row: Math.max(head.row, anchor.row), column: Math.max(head.column, anchor.column) },
    };
  }

  function each(from: At, to: At, work: (at: At) => void): void {
    for (let row = from.row; row <= to.row; row++) {
      for (let column = from.column; column <= to.column; column++) {
        work({ row, column });
      }
    }
  }

  function show(focus = true): void {
    for (const old of table.querySelectorAll(".chosen, [tabindex]")) {
      old.classList.remove("chosen");
      old.removeAttribute("tabindex");
      old.removeAttribute("aria-selected");
    }
    const { from, to } = range();
    each(from, to, (at) => {
      cell(at).classList.add("chosen");
      cell(at).setAttribute("aria-selected", "true");
    });
    cell(head).tabIndex = 0;
    if (focus) {
      cell(head).focus({ preventScroll: true });
      cell(head).scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function move(row: number, column: number, extend: boolean): void {
    head = {
      row: Math.max(0, Math.min(rows.length - 1, head.row + row)),
      column: Math.max(0, Math.min(columns.length - 1, head.column + column)),
    };
    if (!extend) {
      anchor = head;
    }
    show();
  }

  function put(at: At, value: string): void {
    const key = `${at.row} ${at.column}`;
    const before = changed.get(key)?.before ?? text(at);
    cell(at).textContent = value;
    const differs = value !== before;
    cell(at).classList.toggle("typed", differs);
    cell(at).classList.remove("wrong");
    if (differs) {
      changed.set(key, { at, before });
    } else {
      changed.delete(key);
    }
    preview.replaceChildren();
  }

  function edit(initial: string | null): void {
    const at = head;
    const target = cell(at);
    const before = text(at);
    const field = document.createElement("textarea");
    field.rows = 1;
    field.value = initial ?? before;
    field.setAttribute("aria-label", table.tHead!.rows[0]!.cells[at.column + 1]!.textContent ?? "");
    target.replaceChildren(field);
    input = field;
    field.focus();
    const end = (keep: boolean) => {
      if (input !== field) {
        return;
      }
      input = null;
      target.textContent = before;
      if (keep) {
        put(at, field.value.trim());
      }
      say();
    };
    field.addEventListener("blur", () => end(true));
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) {
        return;
      }
      if (event.key === "Escape" || event.key === "Tab" || (event.key === "Enter" && !event.altKey)) {
        event.preventDefault();
        end(event.key !== "Escape");
        if (event.key === "Escape") {
          show();
        } else if (event.key === "Tab") {
          move(0, event.shiftKey ? -1 : 1, false);
        } else {
          move(event.shiftKey ? -1 : 1, 0, false);
        }
      }
    });
  }

  function paste(clipboard: string): void {
    const cells = split(clipboard);
    const { from, to } = range();
    const single = cells.length === 1 && cells[0]?.length === 1;
    let outside = 0;
    if (single) {
      each(from, to, (at) => put(at, cells[0]?.[0] ?? ""));
    } else {
      cells.forEach((line, row) =>
        line.forEach((value, column) => {
          const at = { row: from.row + row, column: from.column + column };
          if (at.row < rows.length && at.column < columns.length) {
            put(at, value);
          } else {
            outside += 1;
          }
        }),
      );
      anchor = from;
      head = {
        row: Math.min(rows.length - 1, from.row + cells.length - 1),
        column: Math.min(columns.length - 1, from.column + Math.max(...cells.map((line) => line.length), 1) - 1),
      };
      show();
    }
    say(outside > 0 ? (state.dataset["tooLarge"] ?? "").replace("COUNT", String(outside)) : "");
  }

  table.addEventListener("keydown", (event) => {
    if (input || event.isComposing || (event.target as HTMLElement).closest("a")) {
      return;
    }
    const control = event.ctrlKey || event.metaKey;
    const arrows: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-10, 0],
      PageDown: [10, 0],
      Home: [control ? -rows.length : 0, -columns.length],
      End: [control ? rows.length : 0, columns.length],
    };
    const step = arrows[event.key];
    if (step) {
      move(step[0], step[1], event.shiftKey);
    } else if (event.key === "Tab") {
      const next = head.column + (event.shiftKey ? -1 : 1);
      if (next < 0 || next >= columns.length) {
        return; // the key leaves the grid at its edge
      }
      move(0, event.shiftKey ? -1 : 1, false);
    } else if (event.key === "Enter" || event.key === "F2") {
      edit(null);
    } else if (control && event.key.toLowerCase() === "d") {
      const { from, to } = range();
      each({ row: from.row + 1, column: from.column }, to, (at) => put(at, text({ row: from.row, column: at.column })));
      say();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      const { from, to } = range();
      each(from, to, (at) => put(at, ""));
      say();
    } else if (event.key.length === 1 && !control && !event.altKey) {
      edit(event.key);
    } else {
      return;
    }
    event.preventDefault();
  });

  table.addEventListener("mousedown", (event) => {
    const target = (event.target as HTMLElement).closest("td");
    if (!target || input?.parentElement === target) {
      return;
    }
    head = { row: rows.indexOf(target.parentElement as HTMLTableRowElement), column: target.cellIndex - 1 };
    if (!event.shiftKey) {
      anchor = head;
    }
    event.preventDefault();
    input?.blur();
    show();
  });
  table.addEventListener("mouseover", (event) => {
    const target = (event.target as HTMLElement).closest("td");
    if (event.buttons === 1 && target && !input) {
      head = { row: rows.indexOf(target.parentElement as HTMLTableRowElement), column: target.cellIndex - 1 };
      show();
    }
  });
  table.addEventListener("dblclick", () => edit(null));
  table.addEventListener("paste", (event) => {
    if (!input) {
      event.preventDefault();
      paste(event.clipboardData?.getData("text/plain") ?? "");
    }
  });
  table.addEventListener("copy", (event) => {
    if (input) {
      return;
    }
    const { from, to } = range();
    const lines: string[] = [];
    for (let row = from.row; row <= to.row; row++) {
      const line: string[] = [];
      each({ row, column: from.column }, { row, column: to.column }, (at) => line.push(quote(text(at))));
      lines.push(line.join("\t"));
    }
    event.clipboardData?.setData("text/plain", lines.join("\r\n"));
    event.preventDefault();
  });

  check.addEventListener("click", async () => {
    input?.blur();
    const cells: Cell[] = [...changed.values()].map(({ at }) => ({
      resource: rows[at.row]!.dataset["id"] ?? "",
      column: columns[at.column] ?? "",
      text: text(at),
    }));
    check.disabled = true;
    try {
      const body = new URLSearchParams({ csrf, cells: JSON.stringify(cells) });
      const answer = await fetch("/ledger/grid/preview", { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A refusal is a page of its own: its sentence is what there is to say.
      const part = page.querySelector(".preview") ?? page.querySelector("main");
      preview.replaceChildren(...(part ? [document.importNode(part, true)] : []));
      for (const bad of preview.querySelectorAll<HTMLElement>("[data-bad]")) {
        const row = rows.find((row) => row.dataset["id"] === bad.dataset["bad"]);
        row?.cells[columns.indexOf(bad.dataset["badColumn"] ?? "") + 1]?.classList.add("wrong");
      }
      preview.focus();
      preview.scrollIntoView({ block: "nearest" });
    } catch {
      state.textContent = state.dataset["failed"] ?? "";
    }
    check.disabled = changed.size === 0;
  });
  document.addEventListener("submit", () => (leaving = true));
  window.addEventListener("beforeunload", (event) => {
    if (changed.size > 0 && !leaving) {
      event.preventDefault();
    }
  });
  show(false);
  say();
}

const table = document.querySelector<HTMLTableElement>("#grid[data-csrf]");
if (table && table.tBodies[0]?.rows.length) {
  start(table, table.dataset["csrf"] ?? "");
}

// The list: how many devices are ticked.
const bulk = document.querySelector<HTMLFormElement>("#bulk");
if (bulk) {
  const button = bulk.querySelector("button")!;
  const plain = button.textContent ?? "";
  const count = () => {
    const ticked = document.querySelectorAll('input[form="bulk"]:checked').length;
    button.textContent = ticked > 0 ? (bulk.dataset["bulk"] ?? "").replace("COUNT", String(ticked)) : plain;
    button.disabled = ticked === 0;
  };
  document.addEventListener("change", count);
  count();
}
