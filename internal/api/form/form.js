// Tells at once what is missing, and sends once. Without it the server says the same.
const form = document.querySelector("form");

function tell(control, text) {
  const place = document.getElementById("e-" + control.name);
  if (!place) return;
  place.textContent = text;
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

function problem(control) {
  const blank = control.required && (control.type === "checkbox" ? !control.checked : !control.value.trim());
  if (blank) return form.dataset.required;
  return control.validity.valid ? "" : form.dataset.invalid;
}

if (form) {
  const button = form.querySelector("button");
  const own = [...form.elements].filter((control) => control.name && !control.name.startsWith("_"));
  form.noValidate = true;

  for (const control of own) {
    control.addEventListener("input", () => tell(control, ""));
    control.addEventListener("blur", () => control.value && tell(control, problem(control)));
  }

  form.addEventListener("submit", (event) => {
    if (button.disabled) return event.preventDefault();
    let first;
    for (const control of own) {
      const text = problem(control);
      if (control.required || text) tell(control, text);
      if (text && !first) first = control;
    }
    if (first) {
      event.preventDefault();
      first.focus();
      return;
    }
    button.disabled = true;
    setTimeout(ready, 10000); // the network may have failed
  });

  // The browser's "back" shows the page as it was left.
  const ready = () => (button.disabled = false);
  window.addEventListener("pageshow", ready);
}
