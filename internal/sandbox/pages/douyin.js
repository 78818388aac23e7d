"use strict";
// Has the sandbox sign the clue, then pushes the raw body as Douyin would.
(() => {
  const form = document.getElementById("clue");
  const at = (id) => document.getElementById(id);
  let last = null;

  async function sign() {
    const fields = Object.fromEntries(new FormData(form));
    const again = form.elements.again.checked && last;
    if (again && !form.elements.forge.checked) return last;
    const answer = await fetch("/sandbox/douyin/sign", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        ...fields, again: undefined, forge: form.elements.forge.checked,
        message: again ? last.message : "", clue: again ? last.clue : "",
      }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  function showRecord(id) {
    const line = at("record");
    line.hidden = !id;
    if (!id) return;
    const link = line.querySelector("a");
    link.textContent = id;
    if (form.dataset.record) link.href = form.dataset.record.replace("{id}", encodeURIComponent(id));
  }

  async function push(signed) {
    at("signature").textContent = signed.signature;
    at("body").textContent = signed.body;
    const start = performance.now();
    const answer = await fetch(form.dataset.path, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json", "X-Open-Signature": signed.signature },
      body: signed.body,
    });
    const text = await answer.text();
    at("status").textContent = `HTTP ${answer.status} · ${Math.round(performance.now() - start)} ms`;
    at("ack").textContent = text;
    showRecord(answer.headers.get("Clew-Record"));
    if (answer.ok) {
      last = signed;
      form.elements.again.disabled = false;
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    at("outcome").hidden = false;
    try {
      await push(await sign());
    } catch (error) {
      at("status").textContent = form.dataset.failed;
      at("ack").textContent = String(error);
      showRecord(null);
    }
  });
})();
