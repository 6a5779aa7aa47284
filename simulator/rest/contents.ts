import { contentAt, treeAt } from "../organisation/git.js";
import type { Repository } from "../organisation/repository.js";
import { blobSha } from "../render/commit.js";
import { repositoryApi, repositoryHtml } from "../render/conversation.js";
import { failure, NOT_FOUND, one, type Answer } from "../server/answer.js";
import { param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { resolveRef } from "./resolve-ref.js";

/** Above this size the content is left empty and the encoding is `none`: blobs or raw have to be read. */
const MAX_CONTENT = 1024 * 1024;

function base64(content: string): string {
  return Buffer.from(content)
    .toString("base64")
    .replaceAll(/(.{60})/g, "$1\n");
}

function readContents(call: Call, repository: Repository): Answer {
  const path = param(call, "path");
  const sha = resolveRef(repository, call.query.get("ref"));
  if (sha === null) return repository.branches.size === 0 ? failure(404, "This repository is empty.") : NOT_FOUND;
  const { urls } = call.simulation.organisation;
  const api = repositoryApi(urls, repository);
  const html = repositoryHtml(urls, repository);
  const content = contentAt(repository, sha, path);
  if (content === null) return readFolder(repository, sha, path);
  if (call.headers.accept?.includes("raw") === true) {
    return { status: 200, raw: content, type: "application/vnd.github.raw; charset=utf-8" };
  }
  const size = Buffer.byteLength(content);
  const self = `${api}/contents/${path}?ref=${sha}`;
  const blob = blobSha(content);
  return one("content-file", {
    type: "file",
    encoding: size > MAX_CONTENT ? "none" : "base64",
    size,
    name: path.split("/").at(-1) ?? path,
    path,
    content: size > MAX_CONTENT ? "" : base64(content),
    sha: blob,
    url: self,
    git_url: `${api}/git/blobs/${blob}`,
    html_url: `${html}/blob/${sha}/${path}`,
    download_url: `${html}/raw/${sha}/${path}`,
    _links: { git: `${api}/git/blobs/${blob}`, self, html: `${html}/blob/${sha}/${path}` },
  });
}

function readFolder(repository: Repository, sha: string, path: string): Answer {
  const prefix = path === "" ? "" : `${path}/`;
  const entries = new Map<string, "file" | "dir">();
  for (const file of treeAt(repository, sha).keys()) {
    if (!file.startsWith(prefix)) continue;
    const [name, ...deeper] = file.slice(prefix.length).split("/");
    if (name !== undefined) entries.set(name, deeper.length > 0 ? "dir" : "file");
  }
  if (entries.size === 0) return NOT_FOUND;
  const body = [...entries].map(([name, type]) => ({ name, path: `${prefix}${name}`, type }));
  return { status: 200, body };
}

function readTree(call: Call, repository: Repository): Answer {
  const sha = resolveRef(repository, param(call, "sha"));
  if (sha === null) return NOT_FOUND;
  const api = repositoryApi(call.simulation.organisation.urls, repository);
  const deep = call.query.has("recursive");
  const tree = [...treeAt(repository, sha)]
    .filter(([path]) => deep || !path.includes("/"))
    .map(([path, content]) => ({
      path,
      mode: "100644",
      type: "blob",
      sha: blobSha(content),
      size: Buffer.byteLength(content),
      url: `${api}/git/blobs/${blobSha(content)}`,
    }));
  return one("git-tree", { sha, url: `${api}/git/trees/${sha}`, truncated: false, tree });
}

function readBlob(call: Call, repository: Repository): Answer {
  const sha = param(call, "sha");
  for (const commit of repository.commits.values()) {
    const file = commit.files.find((each) => each.content !== null && blobSha(each.content) === sha);
    if (file?.content === null || file === undefined) continue;
    if (call.headers.accept?.includes("raw") === true) return { status: 200, raw: file.content, type: "text/plain" };
    return one("blob", {
      content: base64(file.content),
      encoding: "base64",
      url: `${repositoryApi(call.simulation.organisation.urls, repository)}/git/blobs/${sha}`,
      sha,
      size: Buffer.byteLength(file.content),
      node_id: `B_${sha.slice(0, 16)}`,
    });
  }
  return NOT_FOUND;
}

const READ = ["contents", "read"] as const;

export const contentRoutes = repositoryRoutes([
  { method: "GET", path: "/contents", permission: READ, handle: readContents },
  { method: "GET", path: "/contents/*path", permission: READ, handle: readContents },
  { method: "GET", path: "/git/trees/*sha", permission: READ, handle: readTree },
  { method: "GET", path: "/git/blobs/:sha", permission: READ, handle: readBlob },
  {
    method: "GET",
    path: "/branches",
    permission: READ,
    handle: (call, repository) => {
      const api = repositoryApi(call.simulation.organisation.urls, repository);
      return page(call, "short-branch", [...repository.branches], ([name, sha]) => ({
        name,
        commit: { sha, url: `${api}/commits/${sha}` },
        protected: false,
      }));
    },
  },
]);
