// The worklist: every dispute by money at stake, doubt or age. Only the rows in view are elements.

import { api } from "./api.js";
import { add } from "./decimal.js";
import { h, replace, say } from "./dom.js";
import { money, moment, t, tStatus } from "./texts.js";

const ROW = 44; // px, as in desk.css
const MOST_ROWS = 10_000;
const STATES = ["queued", "running", "done", "failed", "cancelled"];
const ORDERS = {
  urgency: (row) => -(stake(row) * (1 + row.unsure)),
  money: (row) => -stake(row),
  doubt: (row) => -row.unsure,
  newest: (row) => -row.time,
  oldest: (row) => row.time,
};

const stake = (row) => row.stake;

export async function showWorklist(main, session) {
  const saved = new URLSearchParams(sessionStorage.getItem("worklist") ?? "");
  const view = { rows: [], shown: [], text: saved.get("text") ?? "", status: saved.get("status") ?? "", order: saved.get("order") ?? "urgency", mine: saved.get("mine") === "1", selected: 0 };
  const search = h("input", { type: "search", id: "search", value: view.text, "aria-label": t("search"), placeholder: t("search") });
  const status = h("select", { id: "status-filter", "aria-label": t("status") });
  const order = h("select", { id: "order", "aria-label": t("sort") },
    Object.keys(ORDERS).map((name) => h("option", { value: name, selected: name === view.order }, t(`sort_${name}`))));
  const mine = h("input", { type: "checkbox", id: "mine" });
  mine.checked = view.mine;
  const count = h("span", { id: "count", class: "quiet" });
  const body = h("div", { class: "rows", role: "rowgroup" });
  const scroller = h("div", { class: "scroller", tabindex: "0", role: "table", "aria-label": t("disputes"), id: "worklist" }, body);
  const heads = ["reference", "vendor", "order", "status", "atStake", "unsure", "assignee", "posted"];

  const redraw = () => {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 5);
    const last = Math.min(view.shown.length, first + Math.ceil((scroller.clientHeight || 800) / ROW) + 10);
    body.style.height = `${view.shown.length * ROW}px`;
    replace(body, view.shown.slice(first, last).map((row, index) => drawRow(row, first + index, view)));
  };
  const choose = () => {
    view.text = search.value;
    view.order = order.value;
    view.status = status.value;
    view.mine = mine.checked;
    sessionStorage.setItem("worklist", new URLSearchParams({ text: view.text, status: view.status, order: view.order, mine: view.mine ? "1" : "" }).toString());
    const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
    const key = ORDERS[view.order];
    view.shown = view.rows
      .filter((row) => (!view.status || row.status === view.status) && (!view.mine || row.assignee === session.person) && words.every((word) => row.text.includes(word)))
      .sort((a, b) => key(a) - key(b) || b.time - a.time);
    view.selected = Math.min(view.selected, Math.max(0, view.shown.length - 1));
    count.textContent = t("countShown", { shown: view.shown.length, all: view.rows.length });
    redraw();
  };
  const fill = () => {
    const counts = new Map();
    for (const row of view.rows) counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
    const kinds = [...counts.keys()].sort();
    if (view.status && !counts.has(view.status)) kinds.push(view.status);
    replace(status, h("option", { value: "" }, `${t("all")} (${view.rows.length})`),
      kinds.map((kind) => h("option", { value: kind, selected: kind === view.status }, `${tStatus(kind)} (${counts.get(kind) ?? 0})`)));
  };
  const onKey = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 };
    if (event.key in steps) {
      view.selected = Math.max(0, Math.min(view.shown.length - 1, view.selected + steps[event.key]));
      const top = view.selected * ROW;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      if (top + ROW > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + ROW - scroller.clientHeight;
      redraw();
    } else if (event.key === "Enter" && view.shown[view.selected]) {
      location.hash = `#/dispute/${encodeURIComponent(view.shown[view.selected].id)}`;
    } else return;
    event.preventDefault();
  };
  search.addEventListener("input", choose);
  for (const control of [status, order, mine]) control.addEventListener("change", choose);
  scroller.addEventListener("scroll", redraw);
  scroller.addEventListener("keydown", onKey);
  replace(main, h("section", { class: "worklist" },
    h("h1", {}, t("disputes")),
    h("div", { class: "filters" }, search, status, order, h("label", {}, mine, " ", t("mine")), count),
    h("div", { class: "row heads", "aria-hidden": "true" }, heads.map((name) => h("span", {}, t(name)))),
    scroller));
  let open = true;
  await load(view, () => open, () => { fill(); choose(); });
  scroller.focus();
  return () => { open = false; };
}

async function load(view, isOpen, redraw) {
  let cursor = null;
  do {
    const page = await api.disputes({ limit: 200, ...(cursor ? { cursor } : {}) });
    view.rows.push(...page.disputes.map(rowOf));
    cursor = page.next_cursor;
    if (!isOpen()) return;
    redraw();
  } while (cursor && view.rows.length < MOST_ROWS);
  if (cursor) say(t("moreThan", { count: MOST_ROWS }));
}

function rowOf(dispute) {
  const overview = dispute.overview;
  const totals = overview?.totals ?? {};
  const sums = new Map();
  for (const kind of ["certain", "likely", "open"]) {
    for (const [currency, amount] of Object.entries(totals[kind] ?? {})) sums.set(currency, add(sums.get(currency) ?? "0", amount));
  }
  const row = {
    id: dispute.dispute_id,
    reference: dispute.reference ?? dispute.dispute_id.slice(0, 8),
    vendor: overview?.vendor ?? "",
    order: (overview?.orders ?? []).join(", "),
    status: dispute.state === "done" ? overview?.status ?? "done" : STATES.includes(dispute.state) ? dispute.state : "done",
    sums: [...sums].map(([currency, amount]) => money(amount, currency)).join(" + "),
    stake: [...sums.values()].reduce((sum, amount) => sum + Math.abs(Number(amount)), 0), // only to sort by
    unsure: overview?.unsure_cells ?? 0,
    assignee: dispute.assignee ?? "",
    time: Date.parse(dispute.submitted_at),
  };
  row.text = [row.reference, row.vendor, row.order, row.assignee, row.id, row.status].join(" ").toLowerCase();
  return row;
}

function drawRow(row, index, view) {
  const link = h("a", { href: `#/dispute/${encodeURIComponent(row.id)}`, tabindex: "-1" }, row.reference);
  const cells = [link, row.vendor, row.order, tStatus(row.status), row.sums, row.unsure || "", row.assignee, moment(row.time)];
  const element = h("div", { class: `row${index === view.selected ? " selected" : ""}`, role: "row" },
    cells.map((cell, column) => h("span", { role: "cell", class: column === 3 ? `status ${row.status}` : null, dir: "auto" }, cell)));
  element.style.top = `${index * ROW}px`;
  return element;
}
