// Asks for the page again when the cluster has changed, and puts what is new in the place of what is old.
"use strict";

async function follow() {
  for (;;) {
    const main = document.querySelector("main");
    const url = new URL(location.href);
    url.searchParams.set("after", main.dataset.revision);
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      if (answer.status === 401) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("main");
      // What somebody has opened or closed stays as it is.
      for (const details of main.querySelectorAll("details[id]")) {
        const same = next.querySelector("#" + CSS.escape(details.id));
        if (same) same.open = details.open;
      }
      main.replaceWith(next);
      document.body.classList.remove("gone");
    } catch {
      document.body.classList.add("gone");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

follow();
