// The paper: page pictures with a box for every value; pan, zoom, rotate, thumbnails.

import { api } from "./api.js";
import { h, replace } from "./dom.js";
import { t } from "./texts.js";

const NEAR = 3; // thumbnails are loaded as they come into view; pages only when they are opened

export function bounds(polygon) {
  const xs = polygon.filter((_, index) => index % 2 === 0);
  const ys = polygon.filter((_, index) => index % 2 === 1);
  const left = Math.min(...xs), top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

export class Paper {
  constructor(id, attachments, onPick) {
    this.id = id;
    this.pages = attachments.flatMap((file) => file.pages.map((page) => ({ file, ...page })));
    this.onPick = onPick;
    this.boxes = [];
    this.current = 0;
    this.zoom = 1;
    this.turn = 0;
    this.offset = { x: 0, y: 0 };
    this.image = h("img", { alt: "", draggable: "false" });
    this.layer = h("div", { class: "boxes" });
    this.sheet = h("div", { class: "sheet" }, this.image, this.layer);
    this.window = h("div", { class: "window", tabindex: "0", role: "group", "aria-label": t("paper") }, this.sheet);
    this.label = h("span", { class: "quiet" });
    this.thumbnails = h("div", { class: "thumbnails", role: "list" });
    const button = (text, label, act) => h("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
    this.element = h("section", { class: "paper", "aria-label": t("paper") },
      h("div", { class: "tools" },
        button("‹", t("pageBefore"), () => this.step(-1)), this.label, button("›", t("pageAfter"), () => this.step(1)),
        button("−", t("zoomOut"), () => this.scale(1 / 1.25)), button("+", t("zoomIn"), () => this.scale(1.25)),
        button("⟳", t("rotate"), () => this.rotate()), button("⤢", t("fit"), () => this.fit()),
        h("a", { href: "#", class: "original", onclick: (event) => { event.preventDefault(); this.save(); } }, t("original"))),
      h("div", { class: "stage" }, this.thumbnails, this.window));
    this.image.addEventListener("load", () => { this.fit(); this.sheet.classList.add("ready"); if (this.wanted) this.center(this.wanted); });
    this.listen();
    this.drawThumbnails();
    if (this.pages.length) this.open(0);
  }

  listen() {
    let grip = null;
    this.window.addEventListener("pointerdown", (event) => {
      if (event.target.classList.contains("box")) return;
      grip = { x: event.clientX - this.offset.x, y: event.clientY - this.offset.y };
      this.window.setPointerCapture(event.pointerId);
    });
    this.window.addEventListener("pointermove", (event) => {
      if (!grip) return;
      this.offset = { x: event.clientX - grip.x, y: event.clientY - grip.y };
      this.place();
    });
    this.window.addEventListener("pointerup", () => { grip = null; });
    this.window.addEventListener("wheel", (event) => { event.preventDefault(); this.scale(event.deltaY < 0 ? 1.15 : 1 / 1.15); }, { passive: false });
  }

  drawThumbnails() {
    replace(this.thumbnails, this.pages.map((page, index) => h("div", { role: "listitem" },
      h("button", { type: "button", title: page.file.name, "aria-label": `${page.file.name}, ${t("page")} ${page.page}`, onclick: () => this.open(index) },
        h("img", { src: api.page(this.id, page.file.attachment, page.page, "small"), alt: "", loading: index < NEAR ? "eager" : "lazy" }),
        h("span", { dir: "auto" }, `${page.page}`)))));
  }

  indexOf(sha256, page) {
    return this.pages.findIndex((entry) => entry.file.sha256 === sha256 && entry.page === page);
  }

  open(index) {
    this.current = index;
    const page = this.pages[index];
    this.turn = 0;
    this.sheet.classList.remove("ready");
    this.image.alt = `${page.file.name}, ${t("page")} ${page.page}`;
    this.image.src = api.page(this.id, page.file.attachment, page.page, "large");
    this.label.textContent = `${page.file.name} · ${page.page} (${index + 1}/${this.pages.length})`;
    [...this.thumbnails.children].forEach((item, place) => item.classList.toggle("current", place === index));
    this.drawBoxes();
  }

  step(by) {
    const next = this.current + by;
    if (next >= 0 && next < this.pages.length) { this.wanted = null; this.open(next); }
  }

  // Boxes: {key, sha256, page, polygon, kind, title}; a click on one picks its key.
  setBoxes(boxes) {
    this.boxes = boxes;
    this.drawBoxes();
  }

  drawBoxes() {
    const shown = this.pages[this.current];
    const here = this.boxes.filter((box) => shown && box.sha256 === shown.file.sha256 && box.page === shown.page);
    replace(this.layer, here.map((box) => {
      const element = h("div", { class: `box ${box.kind}`, "data-key": box.key, title: box.title, onclick: () => this.onPick(box.key) });
      const { left, top, width, height } = bounds(box.polygon);
      Object.assign(element.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
      return element;
    }));
  }

  // Show the places and bring the first into view; other places of the same page are marked, too.
  show(places) {
    const first = places.find((place) => place.polygon && this.indexOf(place.sha256, place.page) >= 0);
    if (!first) return false;
    const index = this.indexOf(first.sha256, first.page);
    this.wanted = first;
    if (index !== this.current) this.open(index);
    this.layer.querySelectorAll(".mark").forEach((mark) => mark.remove());
    for (const place of places) {
      if (!place.polygon || this.indexOf(place.sha256, place.page) !== index) continue;
      const mark = h("div", { class: "mark" });
      const { left, top, width, height } = bounds(place.polygon);
      Object.assign(mark.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
      this.layer.append(mark);
    }
    this.center(first);
    return true;
  }

  center(place) {
    if (!this.image.naturalWidth || this.turn) return;
    const view = this.window.getBoundingClientRect();
    const { left, top, width, height } = bounds(place.polygon);
    const w = this.base.w * this.zoom, hgt = this.base.h * this.zoom;
    if (w > view.width) this.offset.x = Math.min(0, Math.max(view.width - w, view.width / 2 - (left + width / 2) * w));
    if (hgt > view.height) this.offset.y = Math.min(0, Math.max(view.height - hgt, view.height / 2 - (top + height / 2) * hgt));
    this.place();
  }

  get base() {
    const view = this.window.getBoundingClientRect();
    const scale = (view.width || 600) / (this.image.naturalWidth || 600);
    return { w: this.image.naturalWidth * scale, h: this.image.naturalHeight * scale };
  }

  fit() {
    this.zoom = 1;
    this.offset = { x: 0, y: 0 };
    this.place();
  }

  scale(by) {
    const view = this.window.getBoundingClientRect();
    const next = Math.max(0.25, Math.min(8, this.zoom * by));
    const ratio = next / this.zoom;
    this.offset = { x: view.width / 2 - (view.width / 2 - this.offset.x) * ratio, y: view.height / 2 - (view.height / 2 - this.offset.y) * ratio };
    this.zoom = next;
    this.place();
  }

  rotate() {
    this.turn = (this.turn + 90) % 360;
    this.place();
  }

  place() {
    const { w, h: hgt } = this.base;
    Object.assign(this.sheet.style, { width: `${w * this.zoom}px`, height: `${hgt * this.zoom}px`, transform: `translate(${this.offset.x}px, ${this.offset.y}px) rotate(${this.turn}deg)` });
  }

  save() {
    const page = this.pages[this.current];
    if (page) window.location.assign(api.original(this.id, page.file.attachment));
  }
}
