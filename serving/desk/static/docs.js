// The description of the interface, drawn from openapi.json.

import { h } from "./dom.js";

const place = document.getElementById("main");
const description = await (await fetch("../openapi.json")).json();
const METHODS = ["get", "post", "put", "patch", "delete"];

function shape(schema) {
  if (!schema) return "";
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1);
    return h("a", { href: `#${name}` }, name);
  }
  if (schema.anyOf) return h("span", {}, schema.anyOf.flatMap((part, index) => [index ? " or " : "", shape(part)]));
  if (schema.type === "array") return h("span", {}, "list of ", shape(schema.items));
  if (schema.enum) return schema.enum.join(" | ");
  return schema.format ?? schema.type ?? "";
}

function operation(path, method, entry) {
  const body = Object.values(entry.requestBody?.content ?? {})[0]?.schema;
  const parts = body?.properties ? Object.entries(body.properties).map(([name, part]) => h("li", {}, h("b", {}, name), " ", shape(part), " ", part.description ?? "")) : [];
  return h("details", {},
    h("summary", {}, h("b", {}, method.toUpperCase()), ` ${path} `, h("span", { class: "quiet" }, entry.summary ?? "")),
    h("p", {}, entry.description ?? ""),
    h("ul", {}, (entry.parameters ?? []).map((parameter) => h("li", {}, h("b", {}, parameter.name), ` (${parameter.in}) `, shape(parameter.schema), " ", parameter.description ?? "")),
      body && !parts.length ? h("li", {}, "body ", shape(body)) : null, parts),
    h("ul", {}, Object.entries(entry.responses).map(([status, answer]) => h("li", {}, `${status} `, shape(Object.values(answer.content ?? {})[0]?.schema), " ", answer.description ?? ""))));
}

place.append(h("p", {}, description.info.description));
for (const [path, entries] of Object.entries(description.paths)) {
  for (const method of METHODS) if (entries[method]) place.append(operation(path, method, entries[method]));
}
place.append(h("h2", {}, "Objects"));
for (const [name, schema] of Object.entries(description.components.schemas)) {
  place.append(h("section", { id: name }, h("h3", {}, name), h("p", {}, schema.description ?? ""),
    h("ul", {}, Object.entries(schema.properties ?? {}).map(([key, part]) => h("li", {}, h("b", {}, key), " ", shape(part), " ", part.description ?? "")))));
}
