"use strict";
/* Progressive enhancement only: every page works without this file. */

document.addEventListener("DOMContentLoaded", () => {
  if (document.documentElement.lang !== "da") speakEnglish();
  DKFDS.init();
  document.querySelectorAll("[data-closed-when-narrow]").forEach((one) => (one.open = innerWidth >= 768));
  document.querySelectorAll("form[method=post]").forEach(sendOnce);
  document.querySelectorAll("form[data-autosave]").forEach(keepDraft);
});

/* DKFDS speaks Danish by itself. */
function speakEnglish() {
  const left = "{value} characters left";
  const over = "{value} characters too many";
  const words = { character_remaining: left, characters_remaining: left, character_too_many: over, characters_too_many: over };
  document.querySelectorAll(".form-limit").forEach((one) => {
    one.classList.remove("form-limit");
    new DKFDS.CharacterLimit(one, words).init();
  });
  addEventListener("load", () => {
    const more = document.querySelector(".more-button span");
    if (more) more.textContent = "More";
  });
}

/* A double click submits once; coming back with the browser's arrow makes the form usable again. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}

/* Saves a draft every 20 seconds and on leaving, to the form's data-autosave address. The answer is JSON: `version`
   goes into the hidden field, `message` into the form's [data-autosave-status]. */
function keepDraft(form) {
  const status = form.querySelector("[data-autosave-status]");
  const content = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const typed = () => {
    const found = content();
    found.delete("version");
    return found.toString();
  };
  let saved = typed();
  let stopped = false;
  let waiting = false;

  async function save(leaving) {
    const now = typed();
    if (stopped || waiting || form.dataset.sent || now === saved) return;
    waiting = true;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: content(), keepalive: leaving, headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      if (answer.ok) saved = now;
      if (answer.status === 409) stopped = true; // a colleague has saved: the next ordinary save shows both versions
      if (told.version && form.elements.version) form.elements.version.value = told.version;
      if (told.message && status) status.textContent = told.message;
    } catch {
      /* No connection: the next round tries again. */
    } finally {
      waiting = false;
    }
  }

  setInterval(() => save(false), 20000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));
  window.addEventListener("pagehide", () => save(true));
}
