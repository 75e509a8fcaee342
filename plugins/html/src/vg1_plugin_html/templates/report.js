"use strict";
(() => {
  const form = document.getElementById("filters");
  const samples = document.getElementById("samples");
  const suites = [...samples.querySelectorAll("section.suite")];
  const cards = [...samples.querySelectorAll("article.card")];
  const boxes = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];
  const texts = new Map();
  const text = (card) => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };

  /* Nothing ticked means everything. */
  const ticked = (name) => new Set(boxes(name).filter((box) => box.checked).map((box) => box.value));

  function apply() {
    const status = ticked("status");
    const suite = ticked("suite");
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const section of suites) {
      const wanted = !suite.size || suite.has(section.dataset.suite);
      let here = 0;
      for (const card of section.querySelectorAll("article.card")) {
        const fits = wanted && (!status.size || status.has(card.dataset.status))
          && words.every((word) => text(card).includes(word));
        card.hidden = !fits;
        here += fits;
      }
      section.hidden = !here && (!wanted || status.size > 0 || words.length > 0);
      found += here;
    }
    document.getElementById("found").textContent =
      `${found.toLocaleString("en")} of ${cards.length.toLocaleString("en")} cards`;
    document.getElementById("nothing").hidden = found > 0;
    document.getElementById("clear").disabled = !(status.size || suite.size || words.length);
    const chosen = document.getElementById("chosen");
    if (chosen) chosen.textContent = `${suite.size || "all"}${suite.size ? " of" : ""} ${suites.length}`;
  }

  /* The filter stands in the address, so that a filtered page can be linked to: #status=incorrect&q=word */
  function remember() {
    const state = new URLSearchParams();
    for (const name of ["status", "suite"]) for (const value of ticked(name)) state.append(name, value);
    if (form.elements.q.value) state.set("q", form.elements.q.value);
    history.replaceState(null, "", `#${state}`);
  }

  function recall() {
    const fragment = location.hash.slice(1);
    if (fragment && !fragment.includes("=")) {
      apply();
      const target = document.getElementById(fragment);
      if (!target?.closest("[hidden]")) return;
      form.reset();
      apply();
      target.scrollIntoView();
      return;
    }
    const state = new URLSearchParams(fragment);
    for (const name of ["status", "suite"]) {
      const values = new Set(state.getAll(name));
      for (const box of boxes(name)) box.checked = values.has(box.value);
    }
    form.elements.q.value = state.get("q") ?? "";
    apply();
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { apply(); remember(); }, 80);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => { form.reset(); apply(); remember(); });
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  recall();
})();
