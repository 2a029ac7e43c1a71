// The map of keys, shown on "?".

import { h } from "./dom.js";
import { t } from "./texts.js";

const KEYS = [
  ["Tab, ⇧ Tab", "keysTab"], ["Enter", "keysEnter"], ["0–9, F2", "keysType"], ["Esc", "keysEsc"], ["← ↑ → ↓", "keysArrows"],
  ["Alt 1–3", "otherReadings"], ["Alt A", "keysLine"], ["Alt D", "keysDocument"], ["Ctrl Z, U", "keysUndo"], ["+ − R PgUp PgDn", "keysZoom"], ["G", "keysList"], ["?", "keysHelp"],
];

export function showKeys() {
  const before = document.activeElement;
  const dialog = h("dialog", { id: "keys", "aria-label": t("keysTitle"), onclose: () => { dialog.remove(); before?.focus(); } },
    h("h2", {}, t("keysTitle")),
    h("dl", { class: "keys" }, KEYS.flatMap(([keys, text]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, t(text))])),
    h("form", { method: "dialog" }, h("button", { class: "main" }, t("close"))));
  document.body.append(dialog);
  dialog.showModal();
}
