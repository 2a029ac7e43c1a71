// Elements from names, attributes and children. Text is always text: nothing is parsed as HTML.

// What a condition left out is not drawn.
const isShown = (child) => child !== null && child !== undefined && child !== false && child !== "";

export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter(isShown));
  return element;
}

export function replace(place, ...children) {
  place.replaceChildren(...children.flat().filter(isShown));
}

export function say(text) {
  document.getElementById("status").textContent = text;
}
