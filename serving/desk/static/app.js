// The desk: signing in, and the two screens, which the address after # names.

import { api, Problem } from "./api.js";
import { h, replace, say } from "./dom.js";
import { language, LANGUAGES, setLanguage, t } from "./texts.js";
import { showReview } from "./review.js";
import { showWorklist } from "./worklist.js";

const main = document.getElementById("main");
const bar = document.getElementById("bar");
let session = null;
let leave = () => {};

export async function start() {
  document.documentElement.lang = language();
  try {
    session = await api.session();
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
    session = null;
  }
  if (session && !session.person) session = null;
  if (!session && location.hash.startsWith("#/enter/")) await enter(location.hash.slice(8));
  await show();
}

// The address that `tieout desk` prints has the key after #, which no request contains.
async function enter(key) {
  history.replaceState(null, "", "#/");
  try {
    session = await api.signIn(key, t("reviewer"));
  } catch (problem) {
    say(problem.message);
  }
}

async function show() {
  leave();
  leave = () => {};
  drawBar();
  if (!session) return showSignIn();
  const id = location.hash.startsWith("#/dispute/") ? decodeURIComponent(location.hash.slice(10)) : null;
  try {
    leave = (await (id ? showReview(main, id, session) : showWorklist(main, session))) ?? leave;
  } catch (problem) {
    if (problem.status === 401) {
      session = null;
      return show();
    }
    replace(main, h("p", { class: "notice", role: "alert" }, problem.message), h("a", { href: "#/" }, t("back")));
  }
}

function drawBar() {
  bar.hidden = !session;
  const choice = h("select", { "aria-label": t("language"), onchange: (event) => { setLanguage(event.target.value); start(); } },
    LANGUAGES.map(([code, name]) => h("option", { value: code, lang: code, selected: code === language() }, name)));
  replace(bar,
    h("a", { href: "#/", class: "brand" }, "Tieout"),
    h("span", { class: "grow" }),
    choice,
    session && h("span", { class: "who" }, `${session.person} · ${session.tenant}`),
    session && h("button", { type: "button", onclick: signOut, id: "sign-out" }, t("signOut")));
}

function showSignIn() {
  const key = h("input", { id: "key", type: "password", autocomplete: "off", required: true });
  const person = h("input", { id: "person", autocomplete: "name", required: true, maxlength: "100" });
  const fault = h("p", { class: "fault", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    try {
      session = await api.signIn(key.value, person.value);
      key.value = "";
      await show();
    } catch (problem) {
      fault.textContent = problem.status === 401 ? t("keyRefused") : problem.message;
      key.focus();
    }
  };
  replace(main, h("form", { class: "sign-in", onsubmit: send },
    h("h1", {}, "Tieout"),
    h("label", { for: "person" }, t("yourName")), person,
    h("label", { for: "key" }, t("apiKey")), key,
    fault,
    h("button", { type: "submit" }, t("signIn"))));
  person.focus();
}

async function signOut() {
  await api.signOut();
  session = null;
  location.hash = "#/";
  say(t("signedOut"));
  await show();
}

window.addEventListener("hashchange", show);
start();
