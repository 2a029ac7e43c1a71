// One dispute: the paper on one side, what was read and what follows from it on the other.

import { api } from "./api.js";
import { askedCells, cellKey, cellOf, cellsOf, formulaParts } from "./asked.js";
import { add, isZero, negate } from "./decimal.js";
import { h, replace, say } from "./dom.js";
import { showKeys } from "./keys.js";
import { Paper } from "./paper.js";
import { money, moment, t, tStatus } from "./texts.js";

const COLUMNS = ["line_number", "product_code", "description", "quantity", "unit", "unit_price", "amount", "tax_rate", "po_line_number"];
const NUMBERS = new Set(["quantity", "unit_price", "amount", "tax_rate"]);

export async function showReview(main, id, session) {
  const review = new Review(main, id, session);
  await review.load();
  document.addEventListener("keydown", review.onKey);
  return () => document.removeEventListener("keydown", review.onKey);
}

class Review {
  constructor(main, id, session) {
    Object.assign(this, { main, id, session, queue: Promise.resolve(), current: null, drafts: new Map(), mine: [] });
    this.onKey = (event) => this.key(event);
  }

  async load() {
    const [dispute, attachments] = await Promise.all([api.dispute(this.id), api.attachments(this.id)]);
    this.paper = new Paper(this.id, attachments, (key) => this.pick(key));
    this.data = h("section", { class: "data", id: "data", "aria-label": t("findings") });
    replace(this.main, h("div", { class: "review" }, this.paper.element, this.data));
    this.take(dispute);
    const first = this.asked[0];
    if (first) this.pick(first.key, true);
    else this.data.querySelector("a")?.focus();
  }

  take(dispute, before = null) {
    this.dispute = dispute;
    this.cells = dispute.verdict ? cellsOf(dispute.documents) : new Map();
    this.asked = dispute.verdict ? askedCells(dispute.verdict, this.cells) : [];
    this.change = before ? changeIn(before.verdict.totals, dispute.verdict.totals) : this.change ?? null;
    this.draw();
  }

  draw() {
    const { dispute } = this;
    this.notice = h("div", { role: "alert", id: "notice" });
    const head = [
      h("p", {}, h("a", { href: "#/" }, `← ${t("back")}`), " · ", h("span", { dir: "auto" }, dispute.reference ?? dispute.dispute_id), " · ",
        h("span", { class: "quiet" }, dispute.assignee ? `${t("assignee")}: ${dispute.assignee}` : h("button", { type: "button", class: "link", onclick: () => this.assign() }, t("assignMe")))),
      this.notice,
    ];
    if (!dispute.verdict) {
      replace(this.data, head, h("h1", {}, tStatus(dispute.state)), h("p", {}, dispute.error?.detail ?? t("notDone")));
      return;
    }
    const asked = new Set(this.asked.map((cell) => cell.key));
    this.paper.setBoxes([...this.cells.values()].filter((cell) => cell.polygon).map((cell) => ({
      ...cell, title: `${label(cell.field)}: ${cell.leaf.value ?? ""}`,
      kind: asked.has(cell.key) ? "unsure" : cell.leaf.source === "override" ? "override" : "",
    })));
    replace(this.data, head,
      h("h1", { class: `status ${dispute.verdict.status}`, id: "verdict" }, tStatus(dispute.verdict.status)),
      this.drawSums(), h("p", { dir: "auto" }, dispute.verdict.recommendation),
      h("h2", {}, `${t("askedTitle")} (${this.asked.length})`), this.drawAsked(),
      h("h2", {}, `${t("findings")} (${dispute.verdict.variances.length})`), this.drawFindings(),
      h("h2", {}, t("documents")), dispute.documents.map((document) => this.drawDocument(document, asked)),
      dispute.verdict.message && [h("h2", {}, t("message")), h("pre", { dir: "auto" }, dispute.verdict.message)],
      h("button", { type: "button", onclick: () => this.undo(), id: "undo", disabled: !this.mine.length }, t("undo")), " ",
      h("button", { type: "button", onclick: showKeys }, "? ", t("keysTitle")));
  }

  drawSums() {
    const { totals } = this.dispute.verdict;
    const parts = ["certain", "likely", "open"].flatMap((kind) => Object.entries(totals[kind]).map(([currency, amount]) => h("span", {}, `${t(kind)} `, h("b", {}, money(amount, currency)))));
    const change = this.change && h("span", { id: "change" }, `${t("change")}: `, this.change.length ? this.change.join(", ") : t("noChange"));
    return h("div", { class: "sums", id: "sums" }, parts, change);
  }

  drawAsked() {
    if (!this.asked.length) return h("p", { class: "quiet", id: "nothing-asked" }, t("nothingAsked"));
    return h("ol", { class: "asked", id: "asked" }, this.asked.map((cell) => {
      const input = h("input", { value: this.drafts.get(cell.key) ?? cell.leaf.value ?? "", "data-key": cell.key, "aria-label": `${label(cell.field)}, ${where(cell)}`, dir: "auto", onfocus: () => this.pick(cell.key), oninput: (event) => this.drafts.set(cell.key, event.target.value) });
      return h("li", { "data-asked": cell.key }, h("b", {}, label(cell.field)), h("span", { class: "quiet" }, where(cell)), input,
        h("span", { class: "quiet" }, `${t("readAs")} “${cell.leaf.raw_text ?? ""}” ${Math.round(cell.leaf.confidence * 100)} %`),
        cell.leaf.alternatives.map((other, index) => h("button", { type: "button", title: t("otherReadings"), onclick: () => this.correct([{ cell, value: other.value }]) }, h("kbd", {}, `Alt ${index + 1}`), ` ${other.value}`)),
        h("button", { type: "button", onclick: () => this.send(cell, input.value) }, t("accept")));
    }));
  }

  drawFindings() {
    const { variances } = this.dispute.verdict;
    if (!variances.length) return h("p", { class: "quiet" }, t("noFindings"));
    return variances.map((finding) => h("article", { class: `finding ${finding.state}` },
      h("b", {}, finding.code), ` · ${tStatus(finding.state)}`, finding.po_line_number && ` · ${t("line")} ${finding.po_line_number}`,
      finding.amount && h("b", {}, ` · ${money(finding.amount, finding.currency)}`),
      h("div", { dir: "auto" }, finding.explanation),
      finding.formula && this.drawFormula(finding.formula, finding.evidence),
      h("div", {}, finding.evidence.map((place) => h("button", { type: "button", class: "link evidence", onclick: () => this.showEvidence(place) }, `${label(place.field)} “${place.raw_text ?? ""}”`)).flatMap((link) => [link, " "])),
      finding.hypothesis && h("details", {}, h("summary", {}, t("triedExplanations")), h("p", { dir: "auto" }, `${finding.hypothesis.explanation} ${finding.hypothesis.arithmetic ?? ""}`)),
      finding.alternatives.length > 0 && h("details", {}, h("summary", {}, t("otherReadings")), finding.alternatives.map((other) => `${other.value} (${Math.round(other.confidence * 100)} %)`).join(", "))));
  }

  drawFormula(formula, evidence) {
    return h("div", { class: "formula" }, formulaParts(formula, evidence, this.cells).map((part) => {
      if (!part.number) return part.text;
      if (part.place) return h("button", { type: "button", onclick: () => this.showEvidence(part.place) }, part.text);
      return h("span", { class: "other", title: t("fromOrder") }, part.text);
    }));
  }

  drawDocument(document, asked) {
    const columns = COLUMNS.filter((field) => ["description", "quantity", "unit_price", "amount"].includes(field) || document.line_items.some((item) => item[field]));
    const cell = (line, field) => {
      const key = cellKey(document.document_id, line, field);
      const leaf = this.cells.get(key)?.leaf;
      const kind = asked.has(key) ? "unsure" : leaf?.source === "override" ? "override" : "";
      return h("td", { tabindex: "-1", "data-key": key, class: `${kind} ${NUMBERS.has(field) ? "number" : ""}`, dir: "auto", onclick: () => this.pick(key, true), ondblclick: () => this.edit(key), "aria-label": `${label(field)}: ${leaf?.value ?? ""}` }, leaf?.value ?? "");
    };
    return h("section", {}, h("h3", { dir: "auto" }, `${document.document_id} · ${document.document_type.value ?? ""}`),
      h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": document.document_id },
        h("table", {}, h("tbody", {}, Object.keys(document.fields).map((field) => h("tr", {}, h("th", { scope: "row" }, label(field)), cell(null, field))))),
        h("table", {}, h("thead", {}, h("tr", {}, columns.map((field) => h("th", { scope: "col" }, label(field))), h("th", {}, ""))),
          h("tbody", {}, document.line_items.map((item, line) => h("tr", {}, columns.map((field) => cell(line, field)),
            h("td", {}, this.rowSwitch(document, item, line))))))),
      h("button", { type: "button", onclick: () => this.correct([{ cell: { document, line: document.line_items.length, field: "line_type" }, value: "item" }]) }, t("addRow")));
  }

  rowSwitch(document, item, line) {
    const isOff = item.line_type === "comment";
    const change = () => this.correct([{ cell: { document, line, field: "line_type" }, value: isOff ? "item" : "comment" }]);
    return h("button", { type: "button", onclick: change, title: item.line_type }, isOff ? t("offBill") : t("onBill"));
  }

  // A value was chosen in the data or on the paper: both show it.
  pick(key, focus = false) {
    this.current = key;
    this.data.querySelectorAll(".current").forEach((element) => element.classList.remove("current"));
    const inTable = [...this.data.querySelectorAll("td[data-key]")].find((element) => element.dataset.key === key);
    const inList = [...this.data.querySelectorAll("[data-asked]")].find((element) => element.dataset.asked === key);
    inTable?.classList.add("current");
    inList?.classList.add("current");
    const cell = this.cells.get(key);
    if (cell) this.paper.show([cell]);
    const target = inList?.querySelector("input") ?? inTable;
    if (document.activeElement !== target && (focus || !this.data.contains(document.activeElement))) {
      target?.focus({ preventScroll: false });
      if (!this.drafts.has(key)) target?.select?.();
    }
    target?.scrollIntoView({ block: "nearest" });
  }

  showEvidence(place) {
    const cell = cellOf(this.cells, place);
    const paper = this.dispute.documents.find((entry) => entry.document_id === place.document_id);
    if (cell) this.pick(cell.key);
    this.paper.show([{ sha256: paper?.file_sha256, page: place.page, polygon: place.polygon }]);
  }

  edit(key, first = null) {
    const place = [...this.data.querySelectorAll("td[data-key]")].find((element) => element.dataset.key === key);
    if (!place || place.querySelector("input")) return;
    const cell = this.cells.get(key) ?? this.emptyCell(key);
    const input = h("input", { value: first ?? this.drafts.get(key) ?? cell.leaf?.value ?? "", "aria-label": label(cell.field), "data-edit": key, dir: "auto" });
    replace(place, input);
    input.focus();
    if (first === null) input.select();
  }

  emptyCell(key) {
    const [documentId, line, field] = JSON.parse(key);
    return { key, document: this.dispute.documents.find((entry) => entry.document_id === documentId), line, field };
  }

  // The value as typed; unchanged, it is confirmed as it was read.
  send(cell, typed) {
    const isRead = cell.leaf && typed === (cell.leaf.value ?? "");
    this.drafts.set(cell.key, typed);
    return this.correct([{ cell, ...(isRead ? { value: cell.leaf.value } : { text: typed }) }]);
  }

  // People are not kept waiting: the next cell is theirs at once, corrections are sent in turn.
  correct(entries) {
    this.pickAny(this.following(entries[0].cell.key));
    this.queue = this.queue.then(() => this.sendCorrections(entries));
    return this.queue;
  }

  async sendCorrections(entries) {
    const { dispute } = this;
    const corrections = entries.map(({ cell, value, text }) => ({ document_id: cell.document.document_id, line: cell.line, field: cell.field, ...(text === undefined ? { value } : { text }) }));
    await this.work(entries[0], async () => {
      const changed = await api.correct(this.id, dispute.revision, this.session.person, corrections);
      for (const { cell } of entries) this.drafts.delete(cell.key);
      await this.remember(corrections.length);
      this.accepted(changed, dispute);
      this.pickAny(this.current);
      say(`${t("saved")} ${this.changeText()}`);
    });
  }

  async work(entry, act) {
    say(t("working"));
    try {
      await act();
    } catch (problem) {
      if (problem.code === "revision_conflict") await this.conflict(entry, problem);
      else this.warn(problem.message, entry?.cell?.key);
    }
  }

  accepted(changed, before) {
    if (!changed.verdict) throw new Error(t("notDone"));
    if (changed.state === "failed") throw new Error(changed.error?.detail ?? t("failed"));
    this.take(changed, before);
  }

  async conflict(entry, problem) {
    const value = entry?.text ?? entry?.value ?? "";
    if (entry?.cell?.key) this.drafts.set(entry.cell.key, value);
    this.take(await api.dispute(this.id));
    if (entry?.cell?.key && !this.asked.some((cell) => cell.key === entry.cell.key)) this.edit(entry.cell.key, value);
    else if (entry) this.pick(entry.cell.key, true);
    this.warn(`${t("conflict", { value })} (${problem.message})`);
  }

  warn(text) {
    replace(this.notice, h("p", { class: "notice" }, text));
    this.notice.scrollIntoView({ block: "nearest" });
  }

  async remember(count) {
    const all = await api.corrections(this.id);
    this.mine.push(all.slice(-count).map((correction) => correction.correction));
  }

  undo() {
    this.queue = this.queue.then(() => this.takeBackLast());
    return this.queue;
  }

  async takeBackLast() {
    const numbers = this.mine.pop();
    if (!numbers) return;
    const before = this.dispute;
    await this.work(null, async () => {
      let changed = this.dispute;
      for (const number of [...numbers].reverse()) changed = await api.takeBack(this.id, number, changed.revision, this.session.person);
      this.accepted(changed, before);
      this.pickAny(this.current);
      say(`${t("undone")} ${this.changeText()}`);
    });
  }

  async assign() {
    const changed = await api.describe(this.id, { assignee: this.session.person });
    this.dispute = { ...this.dispute, assignee: changed.assignee };
    this.draw();
  }

  changeText() {
    return this.change?.length ? this.change.join(", ") : t("noChange");
  }

  following(key) {
    const index = this.asked.findIndex((cell) => cell.key === key);
    if (index < 0) return key;
    return this.asked[index + 1]?.key ?? this.asked.find((cell) => cell.key !== key)?.key ?? key;
  }

  pickAny(key) {
    const target = this.cells.has(key) || !this.asked.length ? key : this.asked[0].key;
    if (target) this.pick(target, true);
  }

  step(by) {
    if (!this.asked.length) return false;
    const index = this.asked.findIndex((cell) => cell.key === this.current);
    const next = this.asked[(index + by + this.asked.length) % this.asked.length];
    this.pick(next.key, true);
    return true;
  }

  acceptAll(isPart) {
    const entries = this.asked.filter(isPart).map((cell) => ({ cell, value: cell.leaf.value }));
    if (entries.length) this.correct(entries);
  }

  move(event, place) {
    const row = place.parentElement;
    const rows = [...this.data.querySelectorAll("tr")].filter((entry) => entry.querySelector("td[data-key]"));
    const column = [...row.children].indexOf(place);
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const target = rows[rows.indexOf(row) + steps[0]];
    const cells = target ? [...target.children].filter((entry) => entry.dataset.key) : [];
    const next = steps[1] ? [...row.children][column + steps[1]] : cells.find((entry) => [...target.children].indexOf(entry) === column) ?? cells.at(-1);
    if (next?.dataset.key) this.pick(next.dataset.key, false), next.focus();
  }

  key(event) {
    if (document.querySelector("dialog[open]")) return;
    const place = event.target.closest?.("td[data-key]");
    const input = event.target.matches?.("input") ? event.target : null;
    const cell = this.cells.get(this.current);
    const inReview = this.data.contains(event.target) || event.target === document.body;
    if (handle(event, this, { place, input, cell, inReview })) event.preventDefault();
  }
}

// What a key does; whether it did anything.
function handle(event, review, { place, input, cell, inReview }) {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z" && !(input && input.value !== (cell?.leaf.value ?? ""))) return review.undo(), true;
    return false;
  }
  if (key === "Tab" && inReview) return review.step(event.shiftKey ? -1 : 1);
  if (event.altKey && /^[1-3]$/.test(key) && cell?.leaf.alternatives[key - 1]) return review.correct([{ cell, value: cell.leaf.alternatives[key - 1].value }]), true;
  if (event.altKey && key === "a" && cell) return review.acceptAll((other) => other.document === cell.document && other.line === cell.line), true;
  if (event.altKey && key === "d" && cell) return review.acceptAll((other) => other.document === cell.document), true;
  if (event.altKey) return false;
  if (input) return handleInput(event, review, input);
  if (key === "?") return showKeys(), true;
  if (key === "g") return (location.hash = "#/"), true;
  if (key === "u") return review.undo(), true;
  if (key === "+" || key === "-") return review.paper.scale(key === "+" ? 1.25 : 0.8), true;
  if (key === "r") return review.paper.rotate(), true;
  if (key === "PageUp" || key === "PageDown") return review.paper.step(key === "PageUp" ? -1 : 1), true;
  if (!place) return false;
  if (key.startsWith("Arrow")) return review.move(event, place), true;
  if (key === "Enter" || key === "F2") return review.edit(place.dataset.key), true;
  if (/^[\d.,-]$/.test(key)) return review.edit(place.dataset.key, key), true;
  return false;
}

function handleInput(event, review, input) {
  const key = input.dataset.edit ?? input.dataset.key;
  if (event.key === "Enter" && key) return review.send(review.cells.get(key) ?? review.emptyCell(key), input.value), true;
  if (event.key === "?" && input.dataset.key) return showKeys(), true;
  if (event.key === "Escape") {
    review.drafts.delete(key);
    if (input.dataset.edit) {
      review.draw();
      review.pick(key, true);
    } else {
      input.value = review.cells.get(key)?.leaf.value ?? "";
      const inTable = [...review.data.querySelectorAll("td[data-key]")].find((element) => element.dataset.key === key);
      inTable?.focus();
    }
    return true;
  }
  return false;
}

function changeIn(before, after) {
  return ["certain", "likely", "open"].flatMap((kind) => [...new Set([...Object.keys(before[kind]), ...Object.keys(after[kind])])].flatMap((currency) => {
    const difference = add(after[kind][currency] ?? "0", negate(before[kind][currency] ?? "0"));
    return isZero(difference) ? [] : [`${t(kind)} ${difference.startsWith("-") ? "" : "+"}${money(difference, currency)}`];
  }));
}

const label = (field) => (field ?? "").replaceAll("_", " ");
const where = (cell) => `${cell.document.document_id}${cell.line === null ? "" : `, ${t("line")} ${cell.line + 1}`}`;
