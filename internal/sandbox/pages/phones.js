"use strict";
// Looks once a second whether anything arrived, and then fetches the chats anew.
(() => {
  const main = document.querySelector("main.phones");
  let seq = Number(main.dataset.seq);
  const bottom = (chat) => { chat.scrollTop = chat.scrollHeight; };

  async function refresh(chat) {
    const answer = await fetch(`${chat.dataset.chat}?lang=${main.dataset.language}`);
    if (!answer.ok) return;
    const open = chat.querySelector("details")?.open ?? false;
    chat.innerHTML = await answer.text(); // rendered and escaped by the server
    const details = chat.querySelector("details");
    if (details) details.open = open;
    bottom(chat);
  }

  async function look() {
    try {
      const answer = await fetch("/sandbox/_ctl/seq");
      const now = (await answer.json()).seq;
      if (now !== seq) {
        await Promise.all([...document.querySelectorAll("[data-chat]")].map(refresh));
        seq = now;
      }
    } catch {
      // The server is away; the next look tries again.
    }
    setTimeout(look, document.hidden ? 5000 : 1000);
  }

  document.querySelectorAll("[data-chat]").forEach(bottom);
  setTimeout(look, 1000);
})();
