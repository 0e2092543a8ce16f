// Elements that lead on without being links, and menus that are closed: what a harmless click may show. In an isolated world.
// list(words, known) finds them (words: what is never pressed; known: names of those that were pressed elsewhere) and answers with
// their names; press(i) clicks one.
globalThis.__ways = (() => {
  "use strict";
  const bare = (text) => (text || "").replace(/\s+/g, " ").trim().toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  const MOST = 15;
  const LINKS = "[role=link],[role=menuitem],[routerlink],[ng-click],[data-route],[onclick]";
  const PLACES = "nav,header,[role=navigation],[role=menubar],[role=menu],aside";
  let found = [];
  const nameOf = (el) => [el.localName, el.getAttribute("aria-label") || "", bare(el.textContent)].join(" ").slice(0, 200);
  const plain = (el) => !el.closest("a[href],form,input,select,textarea,label,[contenteditable]") && !el.querySelector("a[href],input,select,textarea,form");
  const seen = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getClientRects().length > 0;
  return {
    list(words, known) {
      const before = new Set(known);
      const never = new RegExp("(^|[^\\p{L}])(" + words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")($|[^\\p{L}])", "u");
      const menus = [...document.querySelectorAll("button[aria-expanded=false],button[aria-haspopup],[role=button][aria-expanded=false]")]
        .filter((el) => el.closest(PLACES));
      const links = [...document.querySelectorAll(LINKS)].filter(plain);
      const pointed = [...document.querySelectorAll("nav *,header *,[role=navigation] *")].slice(0, 2000)
        .filter((el) => /^(li|div|span)$/.test(el.localName) && plain(el) && !el.closest("button") && getComputedStyle(el).cursor === "pointer" &&
          !(el.parentElement && getComputedStyle(el.parentElement).cursor === "pointer"));
      found = [...new Set([...menus, ...links, ...pointed])]
        .filter((el) => seen(el) && el.textContent.length < 200 && !never.test(bare(el.textContent + " " + (el.getAttribute("aria-label") || ""))))
        .filter((el) => !before.has(nameOf(el)))
        .slice(0, MOST);
      return found.map(nameOf);
    },
    press(index) {
      const el = found[index];
      if (!el || !el.isConnected) return null;
      el.click();
      return bare(el.textContent).slice(0, 100);
    },
  };
})();
0;
