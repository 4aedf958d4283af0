// The page's own script: it asks for parts of the page, shows them, and sends what was decided.
// Whatever a letter holds comes from the server as text; nothing here makes markup of it.
"use strict";

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const [list, main, dialog] = ["#list", "#letter", "#dialog"].map((name) => find(name));
const GONE = "The command in the terminal has ended. To go on, type: planner review --web";

const COPY = "What you typed is only here: copy it first.";

let key = sessionStorage.getItem("key");
let current = null; // the letter on the screen, as the server gave it
let undoing = []; // what can be undone, the last one at the end
let confirmed = ""; // the version whose warnings were read

// --- speaking to the server ---------------------------------------------------------------

async function ask(path, said) {
  const headers = { "X-Planner-Key": key || "" };
  const change = said !== undefined;
  if (change) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method: change ? "POST" : "GET", headers, body: JSON.stringify(said) });
  } catch {
    const error = isChanged() || firstTyped() ? `${GONE} ${COPY}` : GONE;
    say(error, true);
    return { ok: false, status: 0, error };
  }
  const kind = answer.headers.get("Content-Type") || "";
  const found = kind.includes("json") ? await answer.json() : { error: await answer.text() };
  if (answer.status === 401) lost();
  return { ...found, ok: answer.ok, status: answer.status };
}

const letterPath = (number, what) => `/letters/${number}/${what}`;

// What was done fades; what failed stays until the next action, or until it is closed.
const FADES = 10000;
let fading;

function say(text, failed = false) {
  clearTimeout(fading);
  find("#say").textContent = text;
  find("#message").className = failed ? "failed" : "";
  find("#hush").hidden = !text;
  list.style.paddingBottom = text ? `${find("#message").offsetHeight}px` : "";
  if (text && !failed) fading = setTimeout(say, FADES, "");
}

// Without a key the page can do nothing; there is one sentence on what to do, and nothing else.
const NO_KEY = "This page works only in the tab that planner opened. Go back to that tab, or type planner review --web again in the terminal.";

function lost() {
  stop(NO_KEY);
}

function stop(text) {
  say("");
  [key, current, undoing] = [null, null, []];
  document.body.dataset.view = "lost";
  list.textContent = "";
  main.innerHTML = '<p class="empty" role="alert"></p>';
  main.firstChild.textContent = text;
}

function complain(answer) {
  if (answer.status === 401) return; // that is said in full already
  const error = answer.error.replace(/^[a-z]/, (letter) => letter.toUpperCase());
  say([error, answer.hint && `What to do: ${answer.hint}`].filter(Boolean).join(" "), true);
}

// --- the list ------------------------------------------------------------------------------

const rows = () => all(".row", list);
const shownRows = () => rows().filter((row) => !row.closest("li").hidden);
const rowOf = (number) => rows().find((row) => row.dataset.number === String(number));

async function loadList() {
  const before = find("#filter") && [find("#filter").value, find("#find").value, find("#marked").checked];
  const answer = await ask("/list");
  if (!answer.ok) return complain(answer);
  list.innerHTML = answer.html;
  if (before) [find("#filter").value, find("#find").value, find("#marked").checked] = before;
  narrow();
  if (current) markRow(rowOf(current.number));
  else if (rows().length && find("main > .empty")) find("main > .empty").textContent = "Choose a letter from the list.";
  loadStanding();
  return answer.welcome;
}

async function loadStanding() {
  const answer = await ask("/standing");
  if (answer.ok) find("#standing").innerHTML = answer.html;
}

function narrow(keeps = true) {
  const states = find("#filter").value.split(" ").filter(Boolean);
  const words = find("#find").value.trim().toLowerCase();
  for (const row of rows()) {
    const fits = (!states.length || states.includes(row.dataset.state))
      && (!find("#marked").checked || row.dataset.marks !== "0")
      && row.textContent.toLowerCase().includes(words);
    // The one that is open stays until another one is opened, or the filter changes.
    row.closest("li").hidden = !fits && !(keeps && row.getAttribute("aria-current") === "true");
  }
  rove();
  find("#nothing").hidden = shownRows().length > 0 || !rows().length;
}

function recount() {
  for (const option of all("#filter option")) {
    const states = option.value.split(" ").filter(Boolean);
    const number = rows().filter((row) => !states.length || states.includes(row.dataset.state)).length;
    option.textContent = `${option.dataset.name} (${number})`;
  }
}

function markRow(row) {
  for (const other of all('.row[aria-current="true"]', list)) other.removeAttribute("aria-current");
  if (!row) return;
  row.setAttribute("aria-current", "true");
  sessionStorage.setItem("open", row.dataset.program);
  keepPlace(row.dataset.program);
  narrow();
  row.scrollIntoView({ block: "nearest" });
}

// The browser's own buttons go back and forward through what was open; "" is the list.
function keepPlace(program) {
  if (history.state?.open === program) return;
  history[history.state ? "pushState" : "replaceState"]({ open: program }, "");
}

function showList() {
  document.body.dataset.view = "list";
  sessionStorage.removeItem("open");
  find('.row[aria-current="true"]', list)?.focus();
}

// Tab stops once in the list, at the row that is open or else at the first one; arrows go on from there.
function rove(to) {
  const shown = shownRows();
  const stop = to || shown.find((row) => row.getAttribute("aria-current") === "true") || shown[0];
  for (const row of rows()) row.tabIndex = row === stop ? 0 : -1;
}

function arrow(event) {
  const shown = shownRows();
  const at = shown.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[event.key];
  if (at < 0 || to === undefined) return false;
  const row = shown[Math.min(Math.max(to, 0), shown.length - 1)];
  rove(row);
  row.focus();
  event.preventDefault();
  return true;
}

// --- a letter ------------------------------------------------------------------------------

async function open(row, { focus = true } = {}) {
  if (!row || !mayLeave()) return;
  if (!row.dataset.number) return openProgram(row);
  const answer = await ask(letterPath(row.dataset.number, "read"), {});
  if (!answer.ok) return complain(answer);
  say("");
  show(answer, { focus });
}

async function openProgram(row) {
  const answer = await ask(`/programs/${row.dataset.program}/why`);
  if (!answer.ok) return complain(answer);
  current = null;
  markRow(row);
  main.innerHTML = `<article><button type="button" class="to-list">Back to the list</button><h2></h2>
    <p class="note"></p>${answer.html}</article>`;
  const [title, verdict] = [find("h2", main), find(".verdict", main)];
  title.textContent = find(".name", row).textContent;
  title.tabIndex = -1;
  find(".note", main).textContent = verdict.dataset.note;
  verdict.remove(); // the title has the name
  look();
}

function show(letter, { focus = true } = {}) {
  current = letter;
  main.innerHTML = letter.html;
  replaceRow(letter);
  watch();
  look(focus);
}

function replaceRow(letter) {
  const row = rowOf(letter.number);
  if (!row) return;
  const isFocused = document.activeElement === row;
  row.outerHTML = letter.row;
  recount();
  markRow(rowOf(letter.number));
  if (isFocused) rowOf(letter.number).focus({ preventScroll: true });
}

function look(focus = true) {
  document.body.dataset.view = "letter";
  main.scrollTop = 0;
  if (matchMedia("(max-width: 52rem)").matches) scrollTo(0, 0);
  const title = find("h2", main);
  document.title = `${title.textContent} - planner`;
  if (focus) title.focus({ preventScroll: true }); // a screen reader says whose letter this is
}

// Approving is offered once all of the letter has been on the screen, from its begin on.
let seenTo = 0;
let noting = false;

function watch() {
  seenTo = 0;
  noting = false;
  const button = find('[data-do="approve"]', main);
  if (!button) return;
  if (current.shown) return offer(button);
  find("#until-seen").hidden = false;
  requestAnimationFrame(notice);
}

function isSeen() {
  const [mail, pane] = [find(".mail", main), main].map((part) => part.getBoundingClientRect());
  const top = Math.max(0, pane.top) - mail.top;
  const bottom = Math.min(innerHeight, pane.bottom) - mail.top;
  if (top <= seenTo + 80) seenTo = Math.max(seenTo, bottom); // what scrolled by unseen is not seen
  return mail.height > 0 && seenTo >= mail.height - 4;
}

async function notice() {
  const button = find('[data-do="approve"]:disabled', main);
  if (!button || noting || editor() || document.visibilityState !== "visible" || !isSeen()) return;
  noting = true;
  const letter = current;
  const answer = await ask(letterPath(letter.number, "shown"), { version: letter.version });
  if (current !== letter) return;
  if (answer.ok) offer(button);
  else refused(answer);
}

function turnPage() {
  if (isSeen()) return; // the server is being told of it
  for (const part of [main, window]) part.scrollBy({ top: 0.7 * Math.min(innerHeight, main.clientHeight) });
  say("There is more below. Approve again once you have read it to the end.");
}

function offer(button) {
  button.disabled = false;
  find("#until-seen").hidden = true;
}

// What is refused because something has changed comes back as it is now; what was typed stays.
function refused(answer) {
  const kept = ownInputs().filter(isTyped).map((input) => [input.dataset.own, input.value]);
  if (!answer.now) return complain(answer);
  show(answer.now);
  let typed = null;
  for (const [own, value] of kept) {
    const input = ownInputs().find((other) => other.dataset.own === own);
    if (!input) continue;
    input.value = value;
    if (input.name === "choice") choose(input);
    if (input.name === "reason") tryForm(input.form);
    typed = input;
  }
  typed?.focus();
  const here = typed ? "What you typed is still in its box." : "You see it as it is now.";
  complain({ ...answer, error: `${answer.error} ${here}` });
}

// --- deciding ------------------------------------------------------------------------------

const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

async function approve() {
  const button = find('[data-do="approve"]', main);
  if (!button || !current) return say("There is nothing to approve here.");
  if (button.disabled) return turnPage();
  if (isOtherChosen()) {
    goTo(".kinds select", "");
    return say("You chose another letter or wording but are not using it yet: press “Use this letter”, or choose the current one again.", true);
  }
  const stand = find(".stand", main);
  if (stand) return letStand(stand);
  if (!current.errors && !areWarningsRead(button)) return;
  const before = current;
  if (!(await decide("approve")) && current === before && current.errors) goTo("#findings", "");
}

// The first press says that there are warnings, the second one approves all the same.
function areWarningsRead(button) {
  if (!current.warnings || confirmed === current.version) return true;
  confirmed = current.version;
  button.textContent = `Approve with ${plural(current.warnings, "warning")}`;
  say(`It has ${plural(current.warnings, "warning")}. Approve again to approve it anyway.`);
  return false;
}

// Each error is given a sentence that is kept with the letter; then it is no obstacle.
async function letStand(form) {
  const button = find('[data-do="approve"]', main);
  if (button.disabled) return say("Read the letter to its end first.", true);
  const inputs = all("input", form);
  const empty = inputs.find((input) => !input.value.trim());
  if (empty) {
    goTo(`#${empty.id}`, "");
    return say(`It has ${plural(current.errors, "error")}. Fix ${current.errors === 1 ? "it" : "them"}, or say here why ${current.errors === 1 ? "it" : "each"} may stand, then approve.`, true);
  }
  if (!mayLeave(form) || !areWarningsRead(find("button", form))) return;
  const overrides = inputs.map((input) => ({ finding: input.dataset.finding, because: input.value }));
  await decide("approve", { overrides, listed: current.listed }, form);
}

async function decide(what, more = {}, form) {
  if (!mayLeave(form)) return false;
  const before = current;
  const next = neighbor(1);
  const answer = await ask(letterPath(before.number, what), { version: before.version, ...more });
  if (!answer.ok) {
    refused(answer);
    return false;
  }
  for (const input of form ? ownInputs(form) : []) input.value = input.defaultValue;
  if (what !== "take-back") remember(before.number, () => change(before.number, "take-back", answer));
  if (answer.html) show(answer);
  else {
    replaceRow(answer);
    await open(next || rowOf(before.number));
  }
  loadStanding();
  say(next || answer.html ? answer.say : `${answer.say} ${atTheEnd()}`);
  return true;
}

function atTheEnd() {
  const isLeft = rows().some((row) => row.dataset.state === "draft");
  return isLeft ? "That was the last one on the list." : "That was the last one. “What would be sent” shows what comes next.";
}

async function settle(what, more) {
  if (!mayLeave()) return;
  const answer = await change(current.number, what, current, more);
  if (!answer.ok) return refused(answer);
  show(answer);
  loadStanding();
  say(answer.say);
  return answer;
}

function ways() {
  const place = find(".ways", main);
  place.hidden = !place.hidden;
  find('[data-do="ways"]', main).setAttribute("aria-expanded", String(!place.hidden));
  find(place.hidden ? '[data-do="ways"]' : ".ways button", main).focus();
}

// The way that was chosen comes first, so that the next press opens it.
async function hand(way) {
  const answer = await settle("hand", { way });
  const link = way && find(`.links a[data-way="${way}"]`, main);
  if (!answer || !link) return;
  link.closest("ul").prepend(link.closest("li"));
  link.classList.add("main");
  link.focus();
}

function change(number, what, at, more = {}) {
  return ask(letterPath(number, what), { version: at.version, ...more });
}

function remember(number, undo) {
  undoing.push({ number, undo });
  find("#undo").disabled = false;
}

async function undo() {
  if (!mayLeave()) return;
  const last = undoing.pop();
  find("#undo").disabled = !undoing.length;
  if (!last) return say("There is nothing to undo.");
  const answer = await last.undo();
  if (!answer.ok) return refused(answer);
  show(answer);
  loadStanding();
  say(answer.say.includes("saved") ? `Undone. Letter ${last.number} is as it was.` : `Undone. ${answer.say}`);
}

function neighbor(by) {
  const shown = shownRows();
  const at = shown.findIndex((row) => row.getAttribute("aria-current") === "true");
  return shown[at < 0 ? 0 : at + by];
}

async function step(by) {
  const next = neighbor(by);
  if (next) return open(next);
  say(by > 0 ? "This is the last one on the list." : "This is the first one on the list.");
}

// --- editing -------------------------------------------------------------------------------

const editor = () => find(".editor:not([hidden])", main);
const edited = () => ({ subject: editor().elements.subject.value, body: editor().elements.body.value });
const isChanged = () => editor() && (edited().subject !== current.subject || edited().body !== current.body);

// What is typed or chosen in the forms below the letter, each with a name of its own.
const ownInputs = (within = main) => all("[data-own]", within);
const isTyped = (input) => input.value !== (input.name === "choice" ? "" : input.defaultValue);
const isReasonTyped = () => ownInputs().some((input) => input.name === "reason" && isTyped(input));
const firstTyped = (except) => ownInputs().find((input) => input.form !== except && isTyped(input));

const isOtherChosen = () => all(".kinds select", main).some((select) => !select.selectedOptions[0].defaultSelected);

function mayLeave(except) {
  const typed = firstTyped(except);
  if (isChanged()) say("Your text is not saved: save it, or go back with Esc.", true);
  else if (typed) {
    const button = find("button", typed.form).textContent;
    const what = typed.name === "reason" ? "Your reason" : "What you typed";
    say(`${what} is not saved: press “${button}”, or Esc in its box to discard it.`, true);
    typed.focus();
  } else return true;
  return false;
}

function drop(form) {
  for (const input of ownInputs(form)) {
    input.value = input.name === "choice" ? "" : input.defaultValue;
    if (input.name === "choice") choose(input);
  }
  const trial = find(".trial", form);
  if (trial) {
    trial.textContent = "";
    find(".use", form).disabled = true;
  }
  say("");
}

// One of several things may be true; some of them want to be typed.
const chosenOf = (form) => form.elements.choice?.selectedOptions[0] || form;

function choose(select) {
  const [form, option] = [select.form, chosenOf(select.form)];
  const typed = find(".typed", form);
  typed.hidden = !option.value || "value" in option.dataset;
  find("span", typed).textContent = option.textContent.replace("...", "");
  form.elements.value.type = option.dataset.kind || "text";
  form.elements.value.value = "";
}

async function correct(form) {
  if (!mayLeave(form)) return;
  const at = chosenOf(form);
  const { field, was } = at.dataset;
  const value = at.dataset.value ?? form.elements.value.value;
  if (!field) return say("Choose what is true first.", true);
  if (value === was) return say("Nothing was changed: type what is right first.", true);
  const number = current.number;
  const answer = await change(number, "correct", current, { field, value, was });
  if (!answer.ok) return refused(answer);
  remember(number, () => change(number, "correct", answer, { field, ...answer.corrected }));
  show(answer);
  loadStanding();
  say(answer.say);
}

function edit() {
  const form = find(".editor", main);
  if (!form || !find('[data-do="edit"]', main)) return say("This one cannot be edited.");
  if (!mayLeave()) return;
  form.elements.subject.value = current.subject;
  form.elements.body.value = current.body;
  form.hidden = false;
  find(".mail", main).hidden = true;
  find("article > .actions", main).hidden = true;
  form.elements.body.focus();
  form.elements.body.setSelectionRange(0, 0);
}

function leaveEditor() {
  if (isChanged() && !confirm("Discard your changes?")) return;
  show(current);
}

async function save(at = current) {
  const before = current;
  const mine = edited();
  const answer = await change(before.number, "edit", at, mine);
  if (answer.status === 409) return conflict(answer);
  if (!answer.ok) return complain(answer);
  const { subject, body } = before;
  remember(before.number, () => change(before.number, "edit", answer, { subject, body }));
  show(answer);
  loadStanding();
  say(answer.say);
}

function conflict(answer) {
  const place = find(".conflict", editor());
  place.innerHTML = answer.conflict;
  find('[data-do="keep-mine"]', place).onclick = () => once(() => save(answer.now));
  find('[data-do="take-theirs"]', place).onclick = () => once(() => show(answer.now));
  place.scrollIntoView({ block: "nearest" });
  complain(answer);
}

let typing;
function later(work) {
  clearTimeout(typing);
  typing = setTimeout(work, 200);
}

async function attempt(place, said) {
  const letter = current;
  const answer = await ask(letterPath(letter.number, "try"), said);
  if (current !== letter) return false;
  if (answer.ok) place.innerHTML = answer.html;
  else place.textContent = answer.error;
  find("#heard").textContent = answer.ok ? answer.heard : answer.error;
  return answer.ok && answer.differs;
}

// What a form below the letter is about: another kind and wording, or the reason.
const chosen = (form) => Object.fromEntries(new FormData(form));

async function tryForm(form) {
  const said = chosen(form);
  const works = await attempt(find(".trial", form), said);
  // What it would do is on the screen before it is done; a reason may be kept that changes no letter.
  find(".use", form).disabled = !(works || (said.reason !== undefined && isReasonTyped()));
}

async function useForm(form) {
  const before = current;
  const isKind = form.matches(".kinds");
  if (find(".use", form).disabled || !mayLeave(form)) return;
  const said = isKind ? chosen(form) : { ...chosen(form), was: before.reason };
  const answer = await change(before.number, isKind ? "edit" : "reason", before, said);
  if (!answer.ok) return refused(answer);
  const { subject, body, kind, voice } = before;
  remember(before.number, async () => {
    if (!isKind) return change(before.number, "reason", answer, { reason: before.reason, was: answer.reason });
    const back = await change(before.number, "edit", answer, { kind, voice });
    const same = !back.ok || (back.subject === subject && back.body === body);
    return same ? back : change(before.number, "edit", back, { subject, body });
  });
  show(answer);
  loadStanding();
  say(answer.say);
}

// --- what else there is --------------------------------------------------------------------

function tell(title, html) {
  find("#dialog-title").textContent = title;
  find("#dialog-text").innerHTML = html;
  dialog.showModal();
  find("#dialog-title").focus();
  dialog.scrollTop = 0;
}

async function why() {
  const row = find('.row[aria-current="true"]', list);
  if (!row) return;
  const answer = await ask(`/programs/${row.dataset.program}/why`);
  if (answer.ok) tell("Why", answer.html);
  else complain(answer);
}

async function send() {
  const answer = await ask("/send");
  if (answer.ok) tell("What would be sent", answer.html);
  else complain(answer);
}

const keysOn = () => localStorage.getItem("keys") !== "off";

function help() {
  tell("Keys", find("#keys").innerHTML);
  const box = find("#keys-on");
  box.checked = keysOn();
  box.onchange = () => localStorage.setItem("keys", box.checked ? "on" : "off");
}

async function end() {
  if (!mayLeave()) return;
  const answer = await ask("/end", {});
  if (!answer.ok) return complain(answer);
  stop(answer.say);
}

const ACTIONS = {
  approve,
  edit,
  why,
  "leave-out": () => (find('[data-do="leave-out"]', main) ? decide("leave-out") : say("Only a draft can be left out.")),
  "take-back": () => decide("take-back"),
  ways,
  hand: (button) => hand(button.dataset.way),
  "was-sent": () => settle("resolve", { sent: true }),
  "not-sent": () => settle("resolve", { sent: false }),
  next: () => step(1),
  before: () => step(-1),
  cancel: leaveEditor,
};
Object.assign(ACTIONS, {
  reason: () => goTo(".reason input", "This letter takes no reason now."),
  letters: () => goTo(".kinds select", "No other letter can be chosen here."),
  changes: () => goTo("#changes", "Today's facts would change nothing in it."),
});
const KEYS = {
  a: "approve", e: "edit", x: "leave-out", w: "why", j: "next", k: "before",
  n: "next", b: "before", r: "reason", l: "letters", d: "changes",
};

function goTo(selector, otherwise) {
  const place = find(selector, main);
  if (!place) return say(otherwise);
  place.scrollIntoView({ block: "center" });
  place.focus();
}

// --- listening -----------------------------------------------------------------------------

const WORKING = "Working...";
let busy = false;
async function once(work) {
  if (busy) return; // a key that repeats does nothing twice
  busy = true;
  say(""); // what was said is about the action before
  const slow = setTimeout(say, 1000, WORKING);
  try {
    await work();
  } finally {
    busy = false;
    clearTimeout(slow);
    if (find("#say").textContent === WORKING) say("");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("row")) once(() => open(button));
  else if (button.classList.contains("to-list")) {
    showList();
    keepPlace("");
  } else if (button.dataset.do in ACTIONS) once(() => ACTIONS[button.dataset.do](button));
});

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  event.preventDefault();
  if (event.target.matches(".editor")) once(() => save());
  else if (event.target.matches(".kinds, .reason")) once(() => useForm(event.target));
  else if (event.target.matches(".stand")) once(() => letStand(event.target));
  else if (event.target.matches(".correct")) once(() => correct(event.target));
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (event.target.closest(".filters")) narrow(false);
  else if (form?.matches(".editor")) later(() => editor() && attempt(find("#found"), edited()));
  else if (form?.matches(".kinds, .reason")) later(() => tryForm(form));
  else if (event.target.name === "choice") choose(event.target);
});

document.addEventListener("keydown", (event) => {
  if (editor()) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) once(() => save());
    if (event.key === "Escape") leaveEditor();
    return;
  }
  if (event.target === find("#find") && event.key === "Enter") {
    event.preventDefault();
    return once(() => shownRows().length && open(shownRows()[0]));
  }
  if (event.key === "Escape" && event.target.matches("[data-own]")) return drop(event.target.form);
  if (event.target.classList.contains("row") && arrow(event)) return;
  const types = event.target.closest("input, textarea, select");
  if (types || dialog.open || !keysOn() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") help();
  else if (event.key === "u") once(undo);
  else if (event.key in KEYS && !event.repeat) once(ACTIONS[KEYS[event.key]]);
  else return;
  event.preventDefault();
});

for (const part of [main, window]) part.addEventListener("scroll", notice, { passive: true });
addEventListener("resize", notice);

addEventListener("popstate", (event) => {
  const program = event.state?.open;
  if (program === undefined || !key) return;
  if (!mayLeave()) return history.pushState({ open: sessionStorage.getItem("open") }, "");
  if (dialog.open) dialog.close();
  if (!program) return showList();
  once(() => open(rows().find((row) => row.dataset.program === program)));
});

addEventListener("beforeunload", (event) => {
  if (isChanged() || firstTyped()) event.preventDefault();
});

// Another tab or command may have changed what is here.
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState !== "visible" || !key || editor() || firstTyped()) return;
  await loadList();
  if (!current) return;
  const answer = await ask(letterPath(current.number, "read"), {});
  if (answer.ok && current && answer.number === current.number && answer.version !== current.version) show(answer);
});

find("#hush").onclick = () => say("");
find("#undo").onclick = () => once(undo);
find("#send").onclick = () => once(send);
find("#help").onclick = help;
find("#end").onclick = () => once(end);

async function begin() {
  const token = location.hash.slice(1);
  if (token && token !== "letter") {
    history.replaceState(null, "", "/");
    const answer = await ask("/key", { token });
    if (answer.ok) sessionStorage.setItem("key", (key = answer.key));
  }
  if (!key) return lost();
  const welcome = await loadList();
  if (document.body.dataset.view === "lost") return;
  const last = rows().find((row) => row.dataset.program === sessionStorage.getItem("open"));
  const isWide = matchMedia("(min-width: 52.01rem)").matches;
  if (!isWide && !history.state) keepPlace("");
  const first = last || (isWide && shownRows()[0]);
  if (first) await open(first, { focus: false });
  rove();
  const here = find('.row[tabindex="0"]', list);
  if (isWide && here) here.focus({ preventScroll: true }); // and again when the welcome is closed
  else if (here) find("h1").focus();
  if (welcome && token) tell("Welcome", welcome);
}

begin();
