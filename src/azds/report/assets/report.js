"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const form = find("filter");
  const rows = [...document.querySelectorAll("tr[data-kind]")];
  if (!form || !rows.length) return;
  const byTable = find("by-table"), byKind = find("by-kind"), byText = find("by-text");
  const wording = find("show-wording"), place = find("show-place"), matches = find("matches");
  const groups = [...document.querySelectorAll(".group")];
  const tables = [...document.querySelectorAll("section.table")];
  const tableOf = new Map(rows.map((row) => [row, row.closest("section.table").dataset.table]));
  const hiddenRoles = () => (wording.checked ? "" : "w") + (place.checked ? "" : "p");
  const isHidden = (node, roles) =>
    (roles.includes("w") && node.matches(".r-wording, .g-wording")) ||
    (roles.includes("p") && node.matches(".r-place, .g-place"));
  let texts = new Map(), known = "?";

  const textOf = (row, roles) => {
    if (roles !== known) { texts = new Map(); known = roles; }
    if (!texts.has(row)) {
      const cells = [...row.cells].filter((cell) => !isHidden(cell, roles));
      texts.set(row, cells.map((cell) => cell.textContent).join(" ").toLowerCase());
    }
    return texts.get(row);
  };

  const fill = (select, counts) => {
    const chosen = select.value;
    select.length = 1;
    for (const [value, count] of counts) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = `${value.replaceAll("_", " ")} (${number(count)})`;
      select.append(option);
    }
    select.value = counts.has(chosen) ? chosen : "";
  };
  const number = (count) => count.toLocaleString("en");
  const counted = (values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    return counts;
  };

  const apply = () => {
    const roles = hiddenRoles(), words = byText.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const isFiltering = Boolean(byTable.value || byKind.value || words.length);
    let shown = 0, all = 0;
    for (const row of rows) {
      const isOut = isHidden(row.closest(".group"), roles);
      row.hidden = !(
        (!byTable.value || tableOf.get(row) === byTable.value) &&
        (!byKind.value || row.dataset.kind === byKind.value) &&
        words.every((word) => textOf(row, roles).includes(word))
      );
      if (!isOut) { all += 1; if (!row.hidden) shown += 1; }
    }
    for (const group of groups) group.hidden = isFiltering && !group.querySelector("tr[data-kind]:not([hidden])");
    for (const table of tables) {
      table.hidden = isFiltering && ![...table.querySelectorAll(".group")].some((group) => !group.hidden && !isHidden(group, roles));
    }
    document.body.classList.toggle("is-filtering", isFiltering);
    matches.textContent = !isFiltering ? `${number(all)} lines` : shown ? `${number(shown)} of ${number(all)} lines` : "Nothing matches.";
  };

  const offer = () => {
    const roles = hiddenRoles();
    const open = rows.filter((row) => !isHidden(row.closest(".group"), roles));
    fill(byTable, counted(open.map((row) => tableOf.get(row))));
    fill(byKind, counted(open.map((row) => row.dataset.kind)));
    apply();
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  for (const box of [wording, place]) box.addEventListener("change", offer);
  offer();
})();
