"use strict";
// Saves what was filled in as a file. Nothing is sent anywhere: this page may not load or send anything.
const form = document.querySelector("form");
const day = form.elements.namedItem("on");
const two = (number) => String(number).padStart(2, "0");
const now = new Date();
day.value = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const answer = { code: form.dataset.code, by: "", on: "", fields: {} };
  for (const [name, value] of new FormData(form)) {
    if (name === "by" || name === "on") answer[name] = value;
    else answer.fields[name] = value;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(answer, null, 1)], { type: "application/json" }));
  link.download = form.dataset.file;
  link.click();
  document.querySelector("[data-saved]").hidden = false;
});
