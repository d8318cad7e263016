// The grid of a case review by keyboard: 1 to 6 answer, arrows move, each answer is saved at once.
document.addEventListener("DOMContentLoaded", function () {
  const grid = document.getElementById("grid");
  const form = document.getElementById("grid-form");
  const now = document.getElementById("grid-now");
  if (!grid || !form) return;
  const FIRST = 2; // columns before the answers: case and year
  const keys = [...document.querySelectorAll("#grid-keys [data-key]")].map((item) => ({
    item, key: item.dataset.key, verdict: item.dataset.verdict, label: item.textContent.trim().replace(/^\d\s*/, ""),
  }));
  const byKey = Object.fromEntries(keys.map((one) => [one.key, one]));
  const byVerdict = Object.fromEntries(keys.map((one) => [one.verdict, one]));
  const heads = [...grid.tHead.rows[0].cells];
  const basis = [...document.querySelectorAll("#grid-basis tbody tr")];
  const rows = [...grid.tBodies[0].rows];
  const stored = new WeakMap(); // what the server is known to hold
  let current = null;
  let queue = Promise.resolve();
  let unsaved = 0;

  grid.setAttribute("role", "grid");
  rows.forEach((row) => [...row.cells].slice(FIRST).forEach((cell) => {
    cell.tabIndex = -1;
    stored.set(cell, cell.textContent && byKey[cell.textContent] ? byKey[cell.textContent].verdict : "");
  }));

  function lawOf(cell) {
    const year = Number(cell.parentElement.cells[1].textContent);
    const id = heads[cell.cellIndex].dataset.id;
    const found = basis.find((line) => line.dataset.id === id && Number(line.dataset.from) <= year
      && (!line.dataset.until || Number(line.dataset.until) > year));
    return found ? [found.cells[1], found.cells[2], found.cells[3]].map((part) => part.textContent).join(" · ") : "";
  }

  function tell(cell, after) {
    const row = cell.parentElement;
    const answer = cell.classList.contains("no") ? grid.dataset.notAsked
      : cell.textContent ? byKey[cell.textContent].label : grid.dataset.empty;
    now.textContent = [row.cells[0].textContent, heads[cell.cellIndex].textContent].join(", ")
      + ": " + answer + (after ? " – " + after : "") + ". " + lawOf(cell);
  }

  function choose(cell, focus) {
    if (!cell || cell.cellIndex < FIRST) return;
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
    if (focus) cell.focus();
  }

  function step(cell, down, right) {
    const at = rows.indexOf(cell.parentElement);
    const row = rows[Math.min(Math.max(at + down, 0), rows.length - 1)];
    const column = Math.min(Math.max(cell.cellIndex + right, FIRST), row.cells.length - 1);
    choose(row.cells[column], true);
  }

  function onwards(cell) {
    const next = cell.nextElementSibling || (rows[rows.indexOf(cell.parentElement) + 1] || { cells: [] }).cells[FIRST];
    if (next) choose(next, true);
  }

  function show(cell, verdict) {
    const known = byVerdict[verdict];
    cell.textContent = known ? known.key : "";
    cell.className = known ? "v" + known.key : "v";
  }

  function answer(cell, key) {
    if (cell.classList.contains("no")) return;
    const wanted = key ? byKey[key].verdict : "";
    show(cell, wanted);
    if (key) onwards(cell);
    // One after the other, so that a second thought about a cell is not taken for a colleague's answer.
    waiting(1);
    queue = queue.then(() => save(cell, wanted)).finally(() => waiting(-1));
  }

  function waiting(change) {
    unsaved += change;
    grid.setAttribute("aria-busy", String(unsaved > 0));
  }

  async function save(cell, wanted) {
    const seen = stored.get(cell);
    if (wanted === seen) return;
    const sent = new FormData(form);
    sent.set("case", cell.parentElement.dataset.case);
    sent.set("requirement", heads[cell.cellIndex].dataset.id);
    sent.set("verdict", wanted);
    sent.set("seen", seen);
    let reply, body;
    try {
      reply = await fetch(form.action, { method: "POST", body: sent });
      body = await reply.json();
    } catch (error) {
      refuse(cell, seen, grid.dataset.failed);
      return;
    }
    if (!reply.ok) {
      refuse(cell, body.verdict === undefined ? seen : body.verdict, body.message);
      return;
    }
    stored.set(cell, body.verdict);
    cell.classList.remove("clash");
    if (current === cell) tell(cell, grid.dataset.saved);
  }

  function refuse(cell, verdict, message) {
    stored.set(cell, verdict);
    show(cell, verdict);
    cell.classList.add("clash");
    choose(cell, true);
    now.textContent = message;
  }

  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  grid.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td");
    if (cell && cell.cellIndex >= FIRST) { choose(cell, false); tell(cell); }
  });
  grid.addEventListener("click", (event) => choose(event.target.closest("td"), true));
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || cell.cellIndex < FIRST || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], Home: [0, -999], End: [0, 999] };
    if (moves[event.key]) step(cell, ...moves[event.key]);
    else if (byKey[event.key]) answer(cell, event.key);
    else if (["0", "Delete", "Backspace"].includes(event.key)) answer(cell, "");
    else return;
    event.preventDefault();
  });
  keys.forEach((one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...one.item.childNodes);
    button.addEventListener("click", () => { if (current) answer(current, one.key); });
    one.item.append(button);
  });
  if (rows.length && rows[0].cells.length > FIRST) choose(rows[0].cells[FIRST], false);
});
