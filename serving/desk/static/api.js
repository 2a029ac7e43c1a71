// Requests to the service, with the session's cookie. Every error is a Problem with its code.

export class Problem extends Error {
  constructor(status, details) {
    super(details.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = details.code ?? "unknown";
  }
}

async function request(method, path, body, headers = {}) {
  const options = { method, headers: { "X-Tieout-Desk": "1", ...headers } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(path, options);
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, content);
  return content;
}

const WAIT = { Prefer: "wait=20" };
const at = (id) => `/v1/disputes/${encodeURIComponent(id)}`;

export const api = {
  session: () => request("GET", "/desk/session"),
  signIn: (key, person) => request("POST", "/desk/session", { key, person }),
  signOut: () => request("DELETE", "/desk/session"),
  disputes: (query) => request("GET", `/v1/disputes?${new URLSearchParams(query)}`),
  dispute: (id) => request("GET", at(id)),
  attachments: (id) => request("GET", `${at(id)}/attachments`),
  corrections: (id) => request("GET", `${at(id)}/corrections`),
  versions: (id) => request("GET", `${at(id)}/versions`),
  describe: (id, values) => request("PATCH", at(id), values),
  correct: (id, revision, author, corrections) =>
    request("POST", `${at(id)}/corrections`, { revision, author, corrections }, WAIT),
  takeBack: (id, number, revision, author) =>
    request("DELETE", `${at(id)}/corrections/${number}?${new URLSearchParams({ revision, author })}`, undefined, WAIT),
  page: (id, attachment, page, size) => `${at(id)}/attachments/${attachment}/pages/${page}?size=${size}`,
  original: (id, attachment) => `${at(id)}/attachments/${attachment}`,
};
