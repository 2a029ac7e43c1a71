// What a person is asked: the cells that the policy is not sure of, those first that free most money.

export const cellKey = (document, line, field) => JSON.stringify([document, line, field]);

const same = (a, b) => a && b && a.length === b.length && a.every((value, index) => Math.abs(value - b[index]) < 1e-4);

// Every cell of the documents by its key, with its place on paper.
export function cellsOf(documents) {
  const cells = new Map();
  for (const document of documents) {
    const add = (line, field, leaf) => {
      if (!leaf) return;
      const key = cellKey(document.document_id, line, field);
      cells.set(key, { key, document, line, field, leaf, sha256: document.file_sha256, page: leaf.page, polygon: leaf.polygon });
    };
    for (const [field, leaf] of Object.entries(document.fields)) add(null, field, leaf);
    document.line_items.forEach((item, line) => {
      for (const [field, leaf] of Object.entries(item)) {
        if (leaf && typeof leaf === "object" && "value" in leaf) add(line, field, leaf);
      }
    });
  }
  return cells;
}

// The cell that a piece of evidence points to, by document, field and place.
export function cellOf(cells, evidence) {
  for (const cell of cells.values()) {
    if (cell.document.document_id === evidence.document_id && cell.field === evidence.field && cell.leaf.page === evidence.page && same(cell.leaf.polygon, evidence.polygon)) return cell;
  }
  return null;
}

export function askedCells(verdict, cells) {
  const asked = new Map();
  for (const line of verdict.lines) {
    for (const evidence of line.unsure_cells) {
      const cell = cellOf(cells, evidence);
      if (!cell || cell.leaf.source === "override") continue;
      const money = verdict.variances
        .filter((finding) => (finding.po_line_number ?? null) === (line.po_line_number ?? null))
        .reduce((sum, finding) => sum + Math.abs(Number(finding.amount ?? finding.amount_range?.high ?? 0)), 0);
      const before = asked.get(cell.key);
      if (!before || before.money < money) asked.set(cell.key, { ...cell, money });
    }
  }
  return [...asked.values()].sort((a, b) => b.money - a.money || a.leaf.confidence - b.leaf.confidence);
}

// A formula in pieces: each number with the evidence that shows it, if any does.
export function formulaParts(formula, evidence, cells) {
  const values = evidence.map((place) => ({ place, value: cellOf(cells, place)?.leaf.value ?? place.raw_text }));
  return formula.split(/(\d[\d.,]*\d|\d)/).filter(Boolean).map((text) => {
    if (!/^\d/.test(text)) return { text };
    const hit = values.find(({ value }) => value !== null && Number(value) === Number(text.replace(/,/g, "")));
    return { text, place: hit?.place ?? null, number: true };
  });
}
